// What is typed in the contact and not kept yet: it outlives a fresh panel, a reload, and signing in again. It stays in
// this window, for this agent and this contact, until it is kept; a number that can be a BSN is never among it.

const STORED = "kcc-contact ";
const NINE_DIGITS = /(?<!\d)(?=(\d(?:[ .]*\d){8})(?!\d))/g;
const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];

function storedAs(form) {
  const { contact, question } = form.elements;
  return `${STORED}${form.dataset.agent} ${contact?.value ?? "nieuw"} ${question?.value ?? ""}`;
}

function withoutBsn(text) {
  let free = text;
  for (const [, found] of text.matchAll(NINE_DIGITS)) {
    const total = [...found.replace(/\D/g, "")].reduce((sum, sign, at) => sum + Number(sign) * WEIGHTS[at], 0);
    if (total % 11 === 0) free = free.replaceAll(found, "…");
  }
  return free;
}

function changed(field) {
  if (field.type === "hidden" || !field.name) return false;
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  return !([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.selected;
}

function typedIn(form) {
  const at = document.activeElement;
  return {
    fields: [...form.elements].filter(changed).map((field) => [field.id, field.name, field.type === "checkbox" ? field.checked : field.value]),
    shown: form.elements.shown?.value,
    focus: form.contains(at) ? [at.id, at.selectionStart, at.selectionEnd] : null,
    open: form.querySelector("details.kcc-more")?.open,
  };
}

// Put back, it is still a change of what was shown when it was typed. Returns whether there was anything.
function putBackIn(form, typed) {
  const shown = form.elements.shown;
  const now = JSON.parse(shown?.value || "{}");
  const then = JSON.parse(typed.shown || "{}");
  for (const [id, name, value] of typed.fields) {
    const field = document.getElementById(id);
    if (!form.contains(field)) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value;
    now[name] = then[name];
  }
  if (shown) shown.value = JSON.stringify(now);
  const rest = form.querySelector("details.kcc-more");
  if (rest && typed.open) rest.open = true;
  if (typed.focus) {
    const field = document.getElementById(typed.focus[0]);
    field?.focus();
    if (field?.matches("textarea, [type=text]")) field.setSelectionRange(typed.focus[1], typed.focus[2]);
  }
  return typed.fields.length > 0;
}

function store(form) {
  const { fields, shown, open } = typedIn(form);
  const kept = fields.map(([id, name, value]) => [id, name, typeof value === "string" ? withoutBsn(value) : value]);
  try {
    if (fields.length) sessionStorage.setItem(storedAs(form), JSON.stringify({ fields: kept, shown: withoutBsn(shown ?? ""), open }));
    else forget(form);
  } catch {} // there is no room, or the browser keeps nothing
}

function forget(form) {
  sessionStorage.removeItem(storedAs(form));
}

// What was typed here before this page was loaded. Of somebody else who sat here nothing is kept.
function putBackStored(form) {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(STORED) && !name.startsWith(`${STORED}${form.dataset.agent} `)) sessionStorage.removeItem(name);
  }
  const stored = sessionStorage.getItem(storedAs(form));
  return stored !== null && putBackIn(form, JSON.parse(stored));
}
