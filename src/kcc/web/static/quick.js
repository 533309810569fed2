// Small questions by keyboard: Enter is one line more, Ctrl+Enter saves, a chip fills in its topic.
// Without this file the buttons do the same with a whole page.

const form = document.getElementById("lijst");
const lines = document.getElementById("regels");
const save = document.getElementById("opslaan");
const labels = new Set([...document.querySelectorAll("#onderwerpen option")].map((option) => option.value));
let saving = false;

const topicOf = (line) => line.querySelector('[name="onderwerp[]"]');

function addLine() {
  if (lines.children.length >= Number(form.dataset.tenHoogste)) return form.requestSubmit(document.getElementById("regel-erbij"));
  const last = lines.lastElementChild;
  const line = last.cloneNode(true);
  const number = lines.children.length + 1;
  line.querySelector("legend").textContent = `Regel ${number}`;
  line.querySelectorAll(".utrecht-form-field-error-message").forEach((error) => error.remove());
  line.querySelectorAll(".utrecht-form-field--invalid").forEach((field) => field.classList.remove("utrecht-form-field", "utrecht-form-field--invalid"));
  for (const field of line.querySelectorAll("input, select")) {
    const name = field.name.slice(0, -2);
    field.id = `${name}-${number}`;
    field.closest(".kcc-field").querySelector("label").htmlFor = field.id;
    field.classList.remove("utrecht-textbox--invalid");
    for (const told of ["aria-invalid", "aria-describedby", "autofocus"]) field.removeAttribute(told);
    field.value = { onderwerp: "", resultaat: "resolved", aantal: "1" }[name] ?? last.querySelector(`[name="${name}[]"]`).value;
  }
  lines.append(line);
  return topicOf(line).focus();
}

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(save);
    return;
  }
  if (!event.target.matches("#regels input, #regels select")) return;
  event.preventDefault();
  const line = event.target.closest("fieldset");
  const topic = topicOf(line);
  // Half a word: Enter chooses from the list. Nothing yet: there is an empty line already.
  if (event.target === topic && !labels.has(topic.value)) return;
  const next = [...lines.children].find((other) => !topicOf(other).value);
  if (next) topicOf(next).focus();
  else addLine();
});

form.addEventListener("submit", (event) => {
  const pressed = event.submitter;
  if (pressed?.dataset.onderwerp) {
    event.preventDefault();
    let line = [...lines.children].find((other) => !topicOf(other).value);
    if (!line) {
      addLine();
      line = lines.lastElementChild;
    }
    topicOf(line).value = pressed.dataset.onderwerp;
    topicOf(line).focus();
  } else if (pressed?.id === "regel-erbij" && lines.children.length < Number(form.dataset.tenHoogste)) {
    event.preventDefault();
    addLine();
  } else if (pressed === save) {
    if (saving) event.preventDefault();
    saving = true;
  }
});

// The browser may bring the page back as it was left.
addEventListener("pageshow", () => { saving = false; });
