// The wallboard: puts what changed in its place, lets waits tick on, and finds its way back after a lost connection.
// It keeps nothing but what is on the screen, so that it can stand on for months.

const wall = document.getElementById("nu");
const [updated, failure, until, clock, living] = ["bijgewerkt", "storing", "van", "klok", "leeft"].map((id) => document.getElementById(id));
const title = document.title;
const SILENT_AFTER = 25_000; // without a sign of life the connection is taken to be lost
const GRACE = 5_000; // streams end now and then, and are back at once: nobody needs to know
let doubt = null;
let stream = null;
let silence = null;

function put(part, html) {
  const place = wall.querySelector(`[data-part="${part}"]`);
  if (!place) return;
  const stops = () => [...place.querySelectorAll("summary, [tabindex]")];
  const focused = stops().indexOf(document.activeElement);
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  place.innerHTML = html;
  place.querySelectorAll("details").forEach((details, number) => (details.open = open[number] ?? false));
  if (focused >= 0) stops()[focused]?.focus({ preventScroll: true });
}

function show({ waiting, parts }) {
  for (const [part, html] of Object.entries(parts)) put(part, html);
  document.title = waiting ? `(${waiting}) ${title}` : title;
}

// The clock of the service, which may not be that of this screen; in a demonstration it may run faster, too.
const hands = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.zone });
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
  const now = known.service + (Date.now() - known.here) * speed;
  clock.textContent = hands.format(new Date(now));
  for (const wait of wall.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(wait.dataset.since)) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    wait.textContent = (minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`) + `:${two(seconds % 60)}`;
  }
}

function connected(yes) {
  failure.hidden = yes;
  living.classList.toggle("kcc-live--lost", !yes);
}

// A sign of life, with the time of the figures; null when the service cannot see what is so now.
function alive(at) {
  connected(at !== null);
  if (at !== null) for (const place of [updated, until]) place.textContent = at;
  clearTimeout(doubt);
  doubt = null;
  clearTimeout(silence);
  silence = setTimeout(connect, SILENT_AFTER);
}

// Signed out, or no longer there: the page itself says what to do.
async function refused() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.redirected) location.reload();
}

function connect() {
  stream?.close();
  if (silence !== null) connected(false);
  clearTimeout(silence);
  silence = setTimeout(connect, SILENT_AFTER);
  stream = new EventSource(wall.dataset.stream);
  stream.addEventListener("nu", (event) => {
    const news = JSON.parse(event.data);
    alive(news.at);
    show(news);
  });
  stream.addEventListener("open", () => (since = null)); // the service may have begun anew, with another time
  stream.addEventListener("beat", (event) => {
    const { now, at } = JSON.parse(event.data);
    alive(at);
    told(now);
  });
  stream.addEventListener("error", () => {
    doubt ??= setTimeout(() => connected(false), GRACE);
    if (stream.readyState === EventSource.CLOSED) {
      refused();
      clearTimeout(silence);
      silence = setTimeout(connect, 3_000);
    }
  });
}
connect();
setInterval(tick, 1000);
