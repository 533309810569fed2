// The contact beside the article: what is typed is kept while it is typed, and the clock runs.
// Without it the panel is a form whose buttons keep everything.

const contactForm = () => document.getElementById("contactformulier");
const KEEP_AFTER = 700;
let keeping = null;
let sent = false;

document.documentElement.classList.add("kcc-scripted");

// Keeping ------------------------------------------------------------------------------------------------

async function keep(leaving = false) {
  clearTimeout(keeping);
  keeping = null;
  const form = contactForm();
  if (sent || !form?.elements.contact) return;
  const answer = await fetch("/werk/contact/bewaren", { method: "POST", body: bodyOf(form), keepalive: leaving });
  if (answer.redirected || answer.status === 401) return location.reload(); // signed out meanwhile
  if (!answer.ok) throw new Error(`${answer.status}`);
  if (answer.status === 204) replaceKept('<p class="kcc-small kcc-bad" role="alert">Dit contact is al afgerond.</p>');
  else if (replaceKept(await answer.text()) && keeping === null) forget(form);
}

// What was sent last goes along: when its answer is lost or late, this window does not clash with itself.
let sentLast = { as: "", json: "" };

function bodyOf(form, button = null) {
  const fields = new FormData(form, button);
  const body = new URLSearchParams(fields);
  if (sentLast.as === storedAs(form)) body.set("sent", sentLast.json);
  if (document.getElementById("q")?.value.trim()) body.set("searched", "true"); // that, not which words
  fields.delete("shown");
  sentLast = { as: storedAs(form), json: JSON.stringify(Object.fromEntries(fields)) };
  return body;
}

function keepSoon() {
  clearTimeout(keeping);
  keeping = setTimeout(() => keep().catch(failed), KEEP_AFTER);
}

function replaceKept(html) {
  const place = document.getElementById("bewaard");
  if (!place) return;
  const focused = document.activeElement?.id;
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  place.replaceChildren(...fresh.childNodes);
  if (focused === "geen-bsn") document.getElementById(focused)?.focus();
  return !place.querySelector("[role=alert]");
}

function failed() {
  document.getElementById("storing").hidden = false;
}

document.addEventListener("input", (event) => {
  const form = contactForm();
  if (!form?.contains(event.target)) return;
  store(form);
  keepSoon();
});
addEventListener("pagehide", () => {
  if (keeping !== null) keep(true).catch(() => {});
});

// One press is one press, and without a connection nothing that was typed is gone.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("#contactformulier, #gesprek, #heropenen")) return;
  event.preventDefault();
  if (sent) return;
  if (event.target !== contactForm() && keeping !== null) keep(true).catch(() => {});
  sent = true;
  clearTimeout(keeping);
  keeping = null;
  const { elapsed } = event.target.elements;
  if (elapsed) elapsed.value = openedAt === null ? 0 : Math.round((performance.now() - openedAt) / 1000);
  send(event.target, event.submitter).catch(() => {
    sent = false;
    failed();
  });
});
addEventListener("pageshow", () => (sent = false));

async function send(form, button) {
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const body = form === contactForm() ? bodyOf(form, button) : new URLSearchParams(new FormData(form, button));
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.ok) {
    if (form === contactForm()) forget(form);
    return location.assign((await answer.json()).next);
  }
  if (answer.status === 401) return location.reload(); // signed out meanwhile: the log-in page leads back here
  if (form !== contactForm()) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("contact");
  if (!fresh) throw new Error(`${answer.status}`);
  form.closest("#contact").replaceChildren(...fresh.childNodes);
  sent = false;
  const summary = document.querySelector("#contact [role=alert]");
  summary?.scrollIntoView({ block: "nearest" });
  const links = summary?.querySelectorAll("a") ?? [];
  if (links.length === 1) document.getElementById(links[0].hash.slice(1))?.focus(); // mended at once
  else links[0]?.focus();
}

// What is put right is no error any more, also while nothing was sent.
document.addEventListener("input", ({ target }) => {
  if (!contactForm()?.contains(target)) return;
  const name = target.id === "geen-bsn" ? "notitie" : target.id;
  document.getElementById(name)?.removeAttribute("aria-invalid");
  document.getElementById(`${name}-fout`)?.remove();
  const link = contactForm().querySelector(`[role=alert] a[href="#${name}"]`);
  const summary = link?.closest("[role=alert]");
  if (link?.matches(":focus")) document.getElementById(name).focus();
  link?.closest("li").remove();
  if (summary && !summary.querySelector("li")) summary.remove();
});

// An opened article brings the panel along: what was typed and is not kept yet stays. ------------------------

let typed = null;
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const form = contactForm();
  if (ctx.target?.id === "artikel" && form) typed = typedIn(form);
});

function putBack() {
  const form = contactForm();
  if (typed && form && putBackIn(form, typed)) keepSoon();
  typed = null;
}

// After a reload too, as when somebody had to sign in again.
if (contactForm() && putBackStored(contactForm())) keepSoon();

// When the answer came on the screen: there a contact began that nobody had begun yet. -------------------------

let openedAt = document.querySelector("#artikel [data-title]") && contactForm()?.elements.article ? performance.now() : null;
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "artikel") return;
  openedAt ??= performance.now();
  setTimeout(putBack); // the panel is swapped after the article
});

// The clock, on the service's time. ------------------------------------------------------------------------

setInterval(() => {
  const clock = contactForm()?.querySelector("[data-since]");
  if (!clock) return;
  clock.dataset.seen ??= String(performance.now());
  const before = Date.parse(clock.dataset.now) - Date.parse(clock.dataset.since);
  const seconds = Math.max(0, Math.floor((before + performance.now() - Number(clock.dataset.seen)) / 1000));
  clock.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}, 1000);

// What was just logged is told, after the page itself. ------------------------------------------------------

const logged = document.querySelector("[data-announce]");
if (logged) setTimeout(() => (document.getElementById("melding").textContent = logged.innerText), 100);

// A call at this agent's telephone. Answered, it begins a contact by itself; nobody is taken from what they type. ----

const phone = document.getElementById("gesprekken");
let ringsNow = null;

function noticeOf(template, text) {
  const notice = document.getElementById(template).content.cloneNode(true);
  notice.querySelector("[data-what]").textContent = text;
  return notice;
}

const calledBy = (rings) => `${rings.queue}${rings.known ? ", belde eerder" : ""}`;

// What was answered meanwhile stays, below what rings.
function showRinging(rings) {
  document.getElementById("gesprek")?.remove();
  if (document.querySelector(`.kcc-tabs [data-call="${rings.call}"]`)) return; // its contact has begun
  const notice = noticeOf("gaat-over", `Gesprek van ${calledBy(rings)}`);
  notice.querySelector("[name=call]").value = rings.call;
  phone.prepend(notice);
}

async function answeredOrNot(rings) {
  const answer = await fetch(`/werk/gesprekken/${rings.call}/contact`, { method: "POST" });
  if (!ringsNow) document.getElementById("gesprek")?.remove();
  if (answer.status !== 200) return; // somebody else's, or gone
  const { next } = await answer.json();
  const form = contactForm();
  const busy = form?.elements.contact || form?.elements.note?.value || keeping !== null;
  if (!busy) return location.assign(next);
  const begun = next.split("=").at(-1);
  if (phone.querySelector(`a[href="${next}"]`) || document.querySelector(`.kcc-tabs [data-contact="${begun}"]`)) return;
  const notice = noticeOf("opgenomen", `Nieuw gesprek van ${calledBy(rings)}`);
  notice.querySelector("a").href = next;
  phone.append(notice);
}

const calls = new EventSource("/werk/gesprekken/nu");
calls.addEventListener("ring", (event) => {
  const rings = JSON.parse(event.data);
  const before = ringsNow;
  ringsNow = rings;
  if (rings) showRinging(rings);
  if (before && before.call !== rings?.call) answeredOrNot(before).catch(failed);
});
