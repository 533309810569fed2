// The agent's desk: everything by keyboard while focus stays in the search field.
// htmx fetches; this file chooses, opens, announces. Without it the page works as links and forms.

const field = document.getElementById("q");
const form = document.getElementById("zoeken");
const found = document.getElementById("gevonden");
const panel = document.getElementById("artikel");
const failure = document.getElementById("storing");
const CHOSEN = "kcc-hit--chosen";

let chosen = -1; // which hit the arrows are on; -1: none yet
let shownWords = field.defaultValue.trim(); // the words that the list on screen answers
let openWhenFound = false; // Enter came before the list did
const wordsOfRequest = new WeakMap();

const hits = () => [...found.querySelectorAll(".kcc-hit")];
const linkOf = (hit) => hit.querySelector("a");

function announce(text) {
  document.getElementById("melding").textContent = text;
}

// Choosing and opening ---------------------------------------------------------------------------------

function choose(index) {
  const all = hits();
  chosen = Math.max(-1, Math.min(index, all.length - 1));
  all.forEach((hit, i) => hit.classList.toggle(CHOSEN, i === chosen));
  all[chosen]?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  choose(by > 0 ? chosen + 1 : Math.max(0, chosen - 1));
  const all = hits();
  if (all[chosen]) announce(`${chosen + 1} van ${all.length}: ${linkOf(all[chosen]).textContent}`);
}

function openChosen() {
  if (field.value.trim() !== shownWords) {
    openWhenFound = true;
    if (!failure.hidden) searchAgain(); // nothing is under way any more
    return;
  }
  const hit = hits()[shownWords ? Math.max(chosen, 0) : chosen];
  if (hit) linkOf(hit).click();
}

function searchAgain() {
  form.dispatchEvent(new Event("opnieuw"));
}

function search(words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

// What was searched counts once somebody stops typing; half-typed words say nothing.
const SETTLED_AFTER = 1500;
let settling;
function settle(words, found) {
  clearTimeout(settling);
  const filtered = [...form.querySelectorAll("select")].some((select) => select.value);
  if (!words || filtered) return; // few hits under a filter say nothing about the kennisbank
  settling = setTimeout(() => {
    const body = new URLSearchParams({ query: words, found });
    fetch("/werk/zoekvraag", { method: "POST", body, keepalive: true }).catch(() => {});
  }, SETTLED_AFTER);
}

field.addEventListener("input", () => clearTimeout(settling));

// After the server answered -----------------------------------------------------------------------------

function markOpen() {
  const slug = new URL(location.href).searchParams.get("artikel");
  for (const hit of hits()) {
    const open = slug !== null && new URL(linkOf(hit).href).searchParams.get("artikel") === slug;
    hit.classList.toggle("kcc-hit--open", open);
    if (open) linkOf(hit).setAttribute("aria-current", "true");
    else linkOf(hit).removeAttribute("aria-current");
  }
}

function listChanged(words) {
  shownWords = words;
  found.dataset.words = words;
  markOpen();
  choose(words ? 0 : -1);
  const count = document.getElementById("aantal");
  settle(words, hits().length);
  if (words) announce(hits().length && count ? `${count.textContent} gevonden` : "Geen artikel gevonden");
  if (openWhenFound && field.value.trim() === shownWords) {
    openWhenFound = false;
    openChosen();
  }
}

function articleChanged() {
  const article = panel.querySelector("[data-title]");
  if (!article) return;
  markOpen();
  document.title = document.title.replace(/^(.* – )?(?=Werkplek)/, `${article.dataset.title} – `);
  announce(`Geopend: ${article.dataset.title}`);
  const top = panel.getBoundingClientRect().top;
  if (top < 0 || top > innerHeight - 120) panel.scrollIntoView();
}

function feedbackSaved() {
  const message = document.querySelector("#reactie .utrecht-alert");
  if (!message) return;
  announce(message.innerText);
  field.focus();
  field.select();
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === form) wordsOfRequest.set(ctx, field.value.trim());
});

// Each article is a step that Back undoes; opening the same one again is not.
document.addEventListener("htmx:before:history:update", (event) => {
  if (event.detail.history.path === location.pathname + location.search) event.preventDefault();
});

// Signed out meanwhile. Who is still typing types on: what came after the first letters would be lost.
const TYPED_AFTER = 1000;
let login, leaving;
function leaveSoon() {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    const back = new URL(login.searchParams.get("next") ?? "/werk", location);
    back.searchParams.set(field.name, field.value);
    login.searchParams.set("next", back.pathname + back.search);
    location.assign(login);
  }, TYPED_AFTER);
}

field.addEventListener("input", () => login && leaveSoon());

document.addEventListener("htmx:before:response", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const { raw } = response;
  // Show the log-in page itself, not inside a panel. It leads back to what was asked.
  const toLogin = raw.redirected && new URL(raw.url).pathname === "/inloggen";
  if (!toLogin && raw.status !== 401) return;
  event.preventDefault();
  if (toLogin && sourceElement === form) {
    login = new URL(raw.url);
    leaveSoon();
  } else if (toLogin) location.assign(raw.url);
  else location.reload();
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.response || ctx.response.status >= 400) return;
  failure.hidden = true;
  if (ctx.target === found) listChanged(wordsOfRequest.get(ctx) ?? field.value.trim());
  else if (ctx.target === panel) setTimeout(articleChanged); // the address is replaced just after this event
  else if (ctx.target.id === "reactie") feedbackSaved();
  else if (ctx.target.id === "dringend") (ctx.target.querySelector("summary") ?? ctx.target).focus();
});

for (const name of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(name, () => {
    openWhenFound = false;
    failure.hidden = false;
  });
}

// Keys --------------------------------------------------------------------------------------------------

const fieldKeys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: openChosen,
  Escape: () => search(""),
};

field.addEventListener("keydown", (event) => {
  const action = fieldKeys[event.key];
  if (!action || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  action();
});

const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey) return;
  if (event.altKey && /^(Digit[0-9]|Key[ABCHMNVWX])$/.test(event.code)) {
    const target = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.at(-1)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("textarea")) {
      target.focus();
      target.setSelectionRange(target.value.length, target.value.length); // what is typed comes after what is there
    } else target.click();
  } else if (event.key === "/" && slashKey.checked && !typing(event.target)) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[href="#filters"]')) document.getElementById("filters").open = true;
  const link = event.target.closest("[data-query]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  search(link.dataset.query);
});

// A key without Ctrl or Alt must be one that people can switch off (WCAG 2.1.4); remembered on this computer.
const slashKey = document.getElementById("schuine-streep");
slashKey.checked = localStorage.getItem("kcc-slash") !== "off";
slashKey.addEventListener("change", () => localStorage.setItem("kcc-slash", slashKey.checked ? "on" : "off"));
document.getElementById("schakelaar").hidden = false;

if (shownWords) choose(Math.max(0, hits().findIndex((hit) => hit.classList.contains("kcc-hit--open"))));

// Letters typed before this script was ready are searched now: htmx is ready just before or just after it.
function catchUp() {
  if (field.value.trim() !== shownWords) searchAgain();
}
document.addEventListener("htmx:after:process", catchUp, { once: true });
catchUp();
// Words that the page came with make room for the next question at the first key.
if (field.value === field.defaultValue) field.select();
