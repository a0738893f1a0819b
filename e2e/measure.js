/* What a ruler finds on a page: text and edges that are too pale, controls that are too small or too
   near each other, words broken letter by letter, and what does not fit the screen. A function of {smallest, nearest} in CSS pixels; `primary`: of the one button that leads. */
({ smallest, nearest, primary = smallest }) => {
  const TEXT = 7;
  const EDGE = 4.5;
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, label.button, label.choice";

  const paper = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  /* Any way of writing a colour, as red, green, blue and how much it covers. */
  const colour = (text) => {
    if (!known.has(text)) {
      paper.clearRect(0, 0, 1, 1);
      paper.fillStyle = text;
      paper.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = paper.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const channel = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const contrast = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const layer = colour(getComputedStyle(e).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const LEFT_OUT = ".vh, [aria-hidden=true], .skip";
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest(LEFT_OUT);
  const name = (e) => {
    const said = (e.innerText || e.value || e.name || "").trim().replace(/\s+/g, " ").slice(0, 50);
    return `<${e.localName}${e.id ? `#${e.id}` : ""}${e.className ? ` class="${e.className}"` : ""}> ${said}`;
  };

  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && parent && shown(parent) && !parent.closest("script, style, noscript, svg, option")) found.add(parent);
    }
    return [...found];
  };
  const pale = texts().flatMap((e) => {
    const below = ground(e);
    const ratio = contrast(over(colour(getComputedStyle(e).color), below), below);
    return ratio < TEXT ? [`text ${ratio.toFixed(2)}:1 ${name(e)}`] : [];
  });
  const cut = texts().flatMap((e) => {
    const style = getComputedStyle(e);
    const hides = /hidden|clip/.test(style.overflowX) || style.textOverflow === "ellipsis";
    return hides && e.scrollWidth > e.clientWidth + 1 ? [`cut ${e.scrollWidth} > ${e.clientWidth} ${name(e)}`] : [];
  });

  /* A long word may go on in the next line; one on three lines, or a short one on two, had no room. */
  const WORD = /(?<=^|[\s“«(])\p{L}{3,}(?=$|[\s.,:?”»)])/gu; // those of an address break as it does
  const SHORT = 6;
  const part = document.createRange();
  const lines = (node, from, to) => {
    part.setStart(node, from);
    part.setEnd(node, to);
    return new Set([...part.getClientRects()].map(({ bottom }) => Math.round(bottom))).size;
  };
  const crushed = texts().flatMap((e) => {
    const own = [...e.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && lines(node, 0, node.length) > 1);
    const broken = own.flatMap((node) => [...node.data.matchAll(WORD)].filter(({ 0: word, index }) => lines(node, index, index + word.length) > (word.length > SHORT ? 2 : 1)));
    return broken.length ? [`crushed "${broken[0][0]}" ${name(e)}`] : [];
  });

  /* A link inside a sentence is exempt from size and distance, as in WCAG 2.5.8: the sentence decides. */
  const words = (e) => e.innerText.replace(/\s+/g, " ").trim();
  const inSentence = (e) => getComputedStyle(e).display === "inline" && e.closest("p, li, dd, span") && words(e.closest("p, li, dd, span")) !== words(e);
  const target = (e) => e.closest("label") || e;
  const box = (e) => {
    const after = getComputedStyle(e, "::after");
    // A link that reaches over its whole card or row is as large as that.
    const reaches = after.content !== "none" && after.position === "absolute";
    const row = reaches && e.closest(".card, .item, li");
    if (!row) return target(e).getBoundingClientRect();
    const { x, y, width } = row.getBoundingClientRect();
    return new DOMRect(x, y + parseFloat(after.top), width, parseFloat(after.height));
  };
  const controls = [...document.querySelectorAll(CONTROLS)].filter((e) => {
    const size = target(e).getBoundingClientRect();
    return shown(target(e)) && size.width > 0 && !inSentence(e);
  });
  const unique = [...new Map(controls.map((e) => [target(e), e])).values()];
  const small = unique.flatMap((e) => {
    const { width, height } = box(e);
    const least = e.matches(".button.big:not(.quiet), .tile") ? primary : smallest;
    return Math.min(width, height) < smallest - 0.5 || height < least - 0.5 ? [`target ${Math.round(width)}x${Math.round(height)} ${name(target(e))}`] : [];
  });

  const MARKS = ".mark, .safe i, .signal i, .button, .note, .notice, .summary, .empty, .copy, .enlarge";
  const bordered = new Set([...unique, ...[...document.querySelectorAll(MARKS)].filter((e) => e.checkVisibility())]);
  const edges = [...bordered].flatMap((e) => {
    const style = getComputedStyle(e);
    const side = ["Top", "Left"].find((s) => parseFloat(style[`border${s}Width`]) && style[`border${s}Style`] !== "none");
    const border = side ? colour(style[`border${side}Color`]) : [0, 0, 0, 0];
    if (!border[3]) return [];
    const below = ground(e.parentElement);
    const ratio = Math.max(contrast(over(border, below), below), contrast(ground(e), below));
    return ratio < EDGE ? [`edge ${ratio.toFixed(2)}:1 ${name(e)}`] : [];
  });

  const near = [];
  const boxes = unique.map((e) => [e, box(e)]);
  boxes.forEach(([a, p], i) => {
    for (const [b, q] of boxes.slice(i + 1)) {
      const inside = (x, y) => x.left >= y.left - 1 && x.right <= y.right + 1 && x.top >= y.top - 1 && x.bottom <= y.bottom + 1;
      if (a.contains(b) || b.contains(a) || inside(p, q) || inside(q, p)) continue;
      const across = Math.max(p.left, q.left) - Math.min(p.right, q.right);
      const down = Math.max(p.top, q.top) - Math.min(p.bottom, q.bottom);
      const apart = Math.max(across, down);
      const layer = (e) => (e.closest("dialog, .idle, .kiosk #undo") ? 2 : e.closest(".thumb") ? 1 : 0);
      if (apart < nearest - 0.5 && layer(a) === layer(b)) near.push(`gap ${apart.toFixed(1)} ${name(target(a))} | ${name(target(b))}`);
    }
  });
  const { scrollWidth } = document.documentElement;
  const beyond = (e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility() && !e.closest(LEFT_OUT);
  const widest = scrollWidth > innerWidth ? [...document.querySelectorAll("body *")].filter(beyond).slice(-2).map(name) : [];
  const wide = scrollWidth > innerWidth ? [`wider than the screen: ${scrollWidth} > ${innerWidth} ${widest.join(" | ")}`] : [];
  return [...new Set([...pale, ...cut, ...crushed, ...small, ...edges, ...near, ...wide])];
};
