// The kiosk goes back to its beginning when somebody walks away, and keeps the scanner's field at hand.

const main = document.getElementById("inhoud");
const AWAY_AFTER = 1000 * Number(main.dataset.away);
const code = document.getElementById("code");
let away;

function here() {
  clearTimeout(away);
  away = setTimeout(() => {
    const pristine = location.pathname + location.search === main.dataset.begin && code && !code.value && !document.querySelector("[role=alert]");
    if (pristine) here();
    else location.assign(main.dataset.begin);
  }, AWAY_AFTER);
}

for (const sign of ["pointerdown", "keydown", "input"]) document.addEventListener(sign, here, { passive: true });
here();

// A scanner types like a keyboard, wherever the focus was.
document.addEventListener("keydown", (event) => {
  if (code && event.key.length === 1 && !event.ctrlKey && !event.altKey && document.activeElement === document.body) code.focus();
});
