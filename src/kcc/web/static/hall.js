// The clerk's screen, live: fetched anew when the hall changes, while focus and what is being filled in stay.
// Without this file the buttons do the same with a whole page.

const hall = () => document.getElementById("hal");
let waiting = false;

// Whom a search found stays on the screen for a minute.
const FOUND_STAYS = 60_000;

function busy(part) {
  if (part.hasAttribute("data-found") && performance.now() < FOUND_STAYS) return true;
  // Somebody is filling something in: what changes under their hands is worse than what is late. Only there.
  const at = document.activeElement;
  return Boolean(at?.matches("input:not([type=hidden]), select") && part.contains(at));
}

const parts = () => [...hall().querySelectorAll("[data-part]")];

function replace(part, fresh) {
  const focused = document.activeElement;
  const mark = part.contains(focused) ? [focused.value, focused.closest("form")?.elements.visit?.value] : null;
  const visit = (of) => of.querySelector("[name=visit]")?.value;
  const kept = part.dataset.part !== "nu" || visit(part) === visit(fresh); // a note is about one visit
  const typed = [...(kept ? part.querySelectorAll("input[id], select[id]") : [])].map((field) => [field.id, field.value]);
  const open = [...part.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
  part.replaceWith(fresh);
  for (const summary of fresh.querySelectorAll("details > summary"))
    if (open.includes(summary.textContent)) summary.parentElement.open = true;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field && (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value))) field.value = value;
  }
  if (mark)
    [...fresh.querySelectorAll("button")]
      .find((button) => button.value === mark[0] && button.closest("form")?.elements.visit?.value === mark[1])
      ?.focus({ preventScroll: true });
}

async function renew() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (answer.redirected || !answer.ok) return location.reload(); // signed out meanwhile, or worse
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("hal")) return;
  document.title = page.title;
  waiting = false;
  for (const part of parts()) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!fresh) continue;
    if (busy(part)) waiting = true;
    else if (part.outerHTML !== fresh.outerHTML) replace(part, fresh);
  }
}

const GRACE = 5_000; // streams end now and then, and are back at once: nobody needs to know
let doubt = null;

function connected(yes) {
  const failure = () => document.getElementById("storing");
  if (!yes) {
    doubt ??= setTimeout(() => (failure().hidden = false), GRACE);
    return;
  }
  clearTimeout(doubt);
  doubt = null;
  failure().hidden = true;
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
// Waits grow while nothing happens, also on a tab that nobody looks at: its title counts who waits too long.
setInterval(() => renew().catch(() => connected(false)), 30_000);

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
