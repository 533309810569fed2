// The waiting room's screen: shows each call with a flash and a sound, and finds its way back after a lost connection.
// It keeps nothing but what is on the screen, so that it can stand on for months.

const wall = document.getElementById("wand");
const [number, counter, earlier, call] = ["nummer", "loket", "eerder", "oproep"].map((id) => document.getElementById(id));
const labels = ["h-nu", "waar"].map((id) => document.getElementById(id));
const waits = document.querySelectorAll("#wacht, #wacht-en");
const failure = document.getElementById("storing");
const SILENT_AFTER = 25_000; // without a sign of life the connection is taken to be lost
const GRACE = 5_000; // streams end now and then, and are back at once: nobody needs to know
let shown = null;
let doubt = null;
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
  // Whoever was called last may be helped already: then nobody is to go anywhere.
  for (const label of labels) label.textContent = latest && !latest.now ? label.dataset.over : label.dataset.now;
  for (const expected of waits)
    expected.textContent = wait === null ? expected.dataset.none : wait === 0 ? expected.dataset.soon : expected.dataset.about.replace("…", wait);
  // A call that was taken back makes an earlier one the latest: that is no news.
  const marks = new Set(calls.map(({ mark }) => mark));
  if (shown !== null && latest?.now && !shown.has(latest.mark)) announce();
  shown = marks;
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

// The clock of the service, which may not be that of this screen; in a demonstration it may run faster, too.
const clock = document.getElementById("klok");
const hands = new Intl.DateTimeFormat("nl-NL", { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.zone });
const MEASURED_FROM = 5_000; // over less, the way of a message here says more than the clock's speed
let known = { service: Date.parse(clock.dataset.now), here: Date.now() };
let since = null;
let speed = 1;

function told(service) {
  known = { service, here: Date.now() };
  since ??= known;
  const [gone, passed] = [known.here - since.here, known.service - since.service];
  if (gone >= MEASURED_FROM) {
    const found = passed / gone;
    speed = found < 0 || Math.abs(found - 1) < 0.2 ? 1 : found;
    since = known;
  }
  tick();
}

function tick() {
  const now = new Date(known.service + (Date.now() - known.here) * speed);
  const parts = Object.fromEntries(hands.formatToParts(now).map(({ type, value }) => [type, value]));
  clock.textContent = `${Number(parts.hour)}.${parts.minute}`;
}

function alive() {
  failure.hidden = true;
  clearTimeout(doubt);
  doubt = null;
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
  stream.addEventListener("open", () => (since = null)); // the service may have begun anew, with another time
  stream.addEventListener("beat", (event) => {
    alive();
    told(Number(event.data));
  });
  stream.addEventListener("error", () => {
    doubt ??= setTimeout(() => (failure.hidden = false), GRACE);
    if (stream.readyState === EventSource.CLOSED) {
      clearTimeout(silence);
      silence = setTimeout(connect, 3_000);
    }
  });
}
connect();
setInterval(tick, 1000);
