// The clerk's screen, live: fetched anew when the hall changes, while focus and what is being filled in stay.
// Without this file the buttons do the same with a whole page.

const hall = () => document.getElementById("hal");
let waiting = false;

function busy() {
  // Somebody is filling something in: a page that changes under their hands is worse than one that is late.
  const at = document.activeElement;
  return Boolean(at?.matches("input:not([type=hidden]), select") && hall().contains(at));
}

async function renew() {
  if (busy()) {
    waiting = true;
    return;
  }
  waiting = false;
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (answer.redirected || !answer.ok) return location.reload(); // signed out meanwhile, or worse
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("hal");
  if (!fresh || busy()) {
    waiting = true;
    return;
  }
  const focused = document.activeElement;
  const mark = focused && hall().contains(focused) ? [focused.value, focused.closest("form")?.elements.visit?.value] : null;
  const typed = [...hall().querySelectorAll("input[id], select[id]")].map((field) => [field.id, field.value]);
  const open = [...hall().querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
  hall().replaceWith(fresh);
  for (const summary of hall().querySelectorAll("details > summary"))
    if (open.includes(summary.textContent)) summary.parentElement.open = true;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field && (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value))) field.value = value;
  }
  if (mark)
    [...hall().querySelectorAll("button")]
      .find((button) => button.value === mark[0] && button.closest("form")?.elements.visit?.value === mark[1])
      ?.focus({ preventScroll: true });
}

function connected(yes) {
  document.getElementById("storing").hidden = yes;
}

const stream = new EventSource(hall().dataset.stream);
let version = null;
stream.addEventListener("hall", (event) => {
  connected(true);
  if (version !== null && version !== event.lastEventId) renew().catch(() => connected(false));
  version = event.lastEventId;
});
stream.addEventListener("beat", () => connected(true));
stream.addEventListener("error", () => connected(false));

document.addEventListener("focusout", () => {
  if (waiting) setTimeout(() => renew().catch(() => connected(false)));
});
// Waits grow while nothing happens.
setInterval(() => document.visibilityState === "visible" && renew().catch(() => connected(false)), 30_000);

// Alt with the digit on the button.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-9]$/.test(event.code)) return;
  const button = hall().querySelector(`[aria-keyshortcuts="Alt+${event.code.at(-1)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// How long it takes so far, on the clock of the service.
const skew = (clock) => Date.now() - Date.parse(clock.dataset.now);
const skews = new WeakMap();
setInterval(() => {
  const clock = hall().querySelector("[data-since]");
  if (!clock) return;
  if (!skews.has(clock)) skews.set(clock, skew(clock));
  const seconds = Math.max(0, Math.floor((Date.now() - skews.get(clock) - Date.parse(clock.dataset.since)) / 1000));
  clock.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}, 1000);
