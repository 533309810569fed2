// Proof of work (ALTCHA 2, PBKDF2) for a form with data-proof: the address that gives a challenge. Solved while the
// form is filled in; the browser derives keys on threads of its own, so the page stays lively. The form holds an
// element with role="status", data-busy and data-failed. Without this script, or over plain http where browsers
// offer no crypto.subtle, the server says what to do.

const FRESH = 15 * 60_000; // milliseconds; the server takes an answer for 20 minutes
const BATCH = 16;
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

async function derive({ nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array([...fromHex(nonce), counter >>> 24, counter >>> 16, counter >>> 8, counter]);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(salt), iterations: cost };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
}

async function solve(address) {
  const challenge = await (await fetch(address, { cache: "no-store" })).json();
  for (let first = 0; first < 100_000; first += BATCH) {
    const keys = await Promise.all(Array.from({ length: BATCH }, (_, i) => derive(challenge.parameters, first + i)));
    const found = keys.findIndex((key) => key.startsWith(challenge.parameters.keyPrefix));
    const solution = { counter: first + found, derivedKey: keys[found] };
    if (found >= 0) return btoa(JSON.stringify({ challenge, solution }));
  }
  throw new Error("no solution where one must be");
}

for (const form of document.querySelectorAll("form[data-proof]")) {
  const status = form.querySelector('[role="status"]');
  const answer = Object.assign(document.createElement("input"), { type: "hidden", name: "altcha" });
  form.append(answer);
  let work, goodUntil, waiting;

  const begin = () => {
    goodUntil = Date.now() + FRESH;
    work = solve(form.dataset.proof).catch(() => {
      goodUntil = 0; // sending the form tries once more
      status.textContent = status.dataset.failed;
      return ""; // the server then says what to do
    });
  };

  form.addEventListener("submit", async (event) => {
    if (answer.value) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    status.textContent = status.dataset.busy;
    if (Date.now() > goodUntil) begin();
    const solved = (await work) || "-";
    setTimeout(() => { // not inside the event: a form that is being submitted ignores requestSubmit
      answer.value = solved;
      form.requestSubmit(event.submitter);
      waiting = goodUntil = 0; // whoever comes back to this page needs a new answer
      answer.value = status.textContent = "";
    });
  });
  begin();
}
