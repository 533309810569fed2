// What is wrong with the layout of this page, as a list of sentences. Run in the page.
() => {
  const problems = [];
  const name = (element) =>
    `<${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}${element.className?.baseVal === undefined && element.className ? "." + element.className.split(" ").join(".") : ""}> “${(element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  const width = document.documentElement.clientWidth;

  if (document.scrollingElement.scrollWidth > width) problems.push(`the page scrolls sideways: ${document.scrollingElement.scrollWidth} > ${width}`);

  // For screen readers only, until it has focus: drawn nowhere.
  const unseen = (element) => element.closest(".kcc-sr, .utrecht-skip-link, svg, option, noscript") !== null;
  const scrolls = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true;
    return false;
  };

  // Each line of each piece of text, where it is drawn.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || unseen(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) lines.push({ box, element });
  }
  for (const { box, element } of lines)
    if ((box.left < -0.5 || box.right > width + 0.5) && !scrolls(element)) problems.push(`outside the page: ${name(element)}`);

  // Two pieces of text on top of one another; glyph boxes of neighbouring lines may touch.
  lines.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < lines.length; i++)
    for (let j = i + 1; j < lines.length && lines[j].box.top < lines[i].box.bottom; j++) {
      const [a, b] = [lines[i], lines[j]];
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across > 1 && down > 0.4 * Math.min(a.box.height, b.box.height)) problems.push(`overlap: ${name(a.element)} and ${name(b.element)}`);
    }

  for (const element of document.querySelectorAll("body *")) {
    if (unseen(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    // Text that its own box hides.
    if (!element.matches("input, textarea, select") && /hidden|clip/.test(style.overflowX + style.overflowY) && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
      problems.push(`cut off: ${name(element)}`);
    // Text that sticks out of the panel it stands in.
    if (element.matches(".kcc-panel, .kcc-band, .kcc-internal, .kcc-answer, .utrecht-alert, button, .utrecht-button-link") && element.scrollWidth > element.clientWidth + 1)
      problems.push(`too wide for its box: ${name(element)}`);
    // WCAG 2.5.8: what can be pressed is 24 px or more, unless it stands in a sentence.
    if (element.matches("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      const box = element.getBoundingClientRect();
      const sentence = element.matches("a") && [...element.parentElement.childNodes].some((node) => node.nodeType === 3 && /\w/.test(node.data));
      const target = [...element.getClientRects(), ...[getComputedStyle(element, "::after")].filter((after) => after.position === "absolute").map(() => element.offsetParent.getBoundingClientRect())];
      const height = Math.max(box.height, ...target.map((rect) => rect.height));
      if (!sentence && (height < 23.5 || box.width < 23.5)) problems.push(`smaller than 24 px (${Math.round(box.width)} × ${Math.round(height)}): ${name(element)}`);
    }
  }
  return [...new Set(problems)];
};
