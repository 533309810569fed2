// Keys of the pages with messages: Alt with a letter presses the button that names it.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Key[A-Z]$/.test(event.code)) return;
  const button = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.at(-1)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
