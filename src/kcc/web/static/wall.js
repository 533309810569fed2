// The waiting room's screen: shows each call with a flash and a sound, and finds its way back after a lost connection.
// It keeps nothing but what is on the screen, so that it can stand on for months.

const wall = document.getElementById("wand");
const [number, counter, earlier, call] = ["nummer", "loket", "eerder", "oproep"].map((id) => document.getElementById(id));
const failure = document.getElementById("storing");
const SILENT_AFTER = 25_000; // without a sign of life the connection is taken to be lost
let shown = null;
let stream = null;
let silence = null;

function show({ calls, wait }) {
  const [latest, ...before] = calls;
  number.textContent = latest?.number ?? "–";
  counter.textContent = latest?.counter ?? "–";
  const rows = before.map(({ number, counter }) => {
    const row = document.createElement("li");
    for (const text of [number, counter]) row.append(Object.assign(document.createElement("span"), { textContent: text }));
    return row;
  });
  earlier.replaceChildren(...rows);
  const expected = document.getElementById("wacht");
  if (expected) expected.textContent = wait === null ? expected.dataset.none : `U wacht nu ongeveer ${wait} minuten.`;
  const mark = latest?.mark ?? "";
  if (shown !== null && mark && mark !== shown) announce();
  shown = mark;
}

function announce() {
  call.classList.remove("kcc-call--new");
  void call.offsetWidth; // begins the flash again
  call.classList.add("kcc-call--new");
  chime();
}

const sound = new Audio(wall.dataset.chime);
function chime() {
  sound.currentTime = 0;
  sound.play().catch(() => (button.hidden = false));
}

// Browsers keep silent until somebody touched the page, unless they are told otherwise (kiosk mode).
const button = document.getElementById("geluid");
button.addEventListener("click", () => {
  button.hidden = true;
  chime();
});
sound.volume = 0;
sound.play().then(
  () => (sound.volume = 1),
  () => {
    sound.volume = 1;
    button.hidden = false;
  },
);

function alive() {
  failure.hidden = true;
  clearTimeout(silence);
  silence = setTimeout(connect, SILENT_AFTER);
}

function connect() {
  stream?.close();
  if (silence !== null) failure.hidden = false;
  clearTimeout(silence);
  silence = setTimeout(connect, SILENT_AFTER);
  stream = new EventSource(wall.dataset.stream);
  stream.addEventListener("hall", (event) => {
    alive();
    show(JSON.parse(event.data));
  });
  stream.addEventListener("beat", alive);
  stream.addEventListener("error", () => {
    failure.hidden = false;
    if (stream.readyState === EventSource.CLOSED) {
      clearTimeout(silence);
      silence = setTimeout(connect, 3_000);
    }
  });
}
connect();

// The clock of the service, which may not be that of this screen.
const clock = document.getElementById("klok");
const ahead = Date.parse(clock.dataset.now) - Date.now();
setInterval(() => {
  const now = new Date(Date.now() + ahead);
  clock.textContent = now.toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" });
}, 1000);
