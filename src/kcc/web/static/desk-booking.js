// Booking at the desk: fresh times as soon as another product, location or day is chosen, while what was typed
// and where the agent is stay as they are. Without this file the buttons do the same with a whole page.

const form = document.getElementById("boeken");
const day = document.getElementById("vanaf");
const failure = document.getElementById("storing");
const PARTS = ["wat", "waar", "tijden", "meenemen"]; // what follows from the choice
let underWay = new AbortController();

async function renew(button) {
  underWay.abort();
  underWay = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.set(button?.name || "ververs", button?.value || "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: underWay.signal });
    // Signed out meanwhile, or worse: let the browser show it.
    if (answer.redirected || !answer.ok) return form.requestSubmit(document.getElementById("ververs"));
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    failure.hidden = true;
  } catch (error) {
    if (error.name !== "AbortError") failure.hidden = false;
  }
}

function show(page) {
  const focused = document.activeElement?.id;
  const time = new FormData(form).get("tijd");
  const unfolded = document.querySelector(".kcc-book__along")?.open;
  for (const id of PARTS) document.getElementById(id).replaceWith(page.getElementById(id));
  document.getElementById("dag").hidden = page.getElementById("dag").hidden;
  if (document.activeElement !== day) day.value = page.getElementById("vanaf").value;
  const along = document.querySelector(".kcc-book__along");
  if (along && unfolded) along.open = true;
  const chosen = [...form.querySelectorAll("[name=tijd]")].find((radio) => radio.value === time);
  if (chosen) chosen.checked = true;
  if (focused) (document.getElementById(focused) || document.getElementById("tijden")).focus({ preventScroll: true });
  document.getElementById("melding").textContent = page.getElementById("melding").textContent;
}

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-kies]")) renew();
});

form.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-kies]")) return;
  event.preventDefault();
  renew(event.submitter);
});
