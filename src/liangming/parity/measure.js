// Measures the group of choices on a page. Runs in the page, changes nothing, sends nothing.
(asked) => {
  const is = Object.fromEntries(Object.entries(asked.patterns).map(([k, v]) => [k, new RegExp(v, "i")]));
  const unseen = new Set();
  const shown = (e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && +style.opacity > 0.05 &&
      (!e.checkVisibility || e.checkVisibility());
  };
  const words = (e) => {
    if (e instanceof HTMLInputElement) {
      if (["submit", "button", "reset"].includes(e.type)) return e.value;
      return (e.labels && e.labels[0] ? e.labels[0].innerText : e.getAttribute("aria-label")) || "";
    }
    const named = (e.innerText || "").trim() || e.getAttribute("aria-label") || e.title;
    return named || [...e.querySelectorAll("img[alt]")].map((i) => i.alt).join(" ");
  };
  const tidy = (text) => (text || "").replace(/\s+/g, " ").trim();
  const kindOf = (text) => {
    if (!text || text.length > 160 || is.terms.test(text)) return null;
    if (is.no.test(text)) return "no";
    if (is.elsewhere.test(text)) return "elsewhere";
    if (is.face.test(text)) return is.yes.test(text) ? "yes" : "face";
    if (is.way.test(text)) return "way";
    return is.yes.test(text) ? "yes" : null;
  };
  // The title says what a choice is, after its number if it has one; the line under it may speak of
  // consent, of staff, of anything.
  const title = (e) => words(e).split("\n").find((line) => /\p{L}/u.test(line)) || "";
  const called = (e) => kindOf(tidy(title(e))) || kindOf(tidy(words(e)));
  const selectors = "button,a[href],input[type=submit],input[type=button],input[type=radio],input[type=checkbox]," +
    "input[type=image],summary,label,[role=button],[role=radio],[role=option],[role=tab],[role=link],[role=menuitemradio],[onclick]";
  const everything = [...document.querySelectorAll("body *")];
  if (everything.length > 20000) unseen.add("page-too-large");
  for (const e of everything.slice(0, 20000)) if (e.shadowRoot) unseen.add("shadow-tree");
  if (document.querySelector("iframe,frame")) unseen.add("frame");
  if (document.querySelector("canvas")) unseen.add("canvas");

  const pressable = () => {
    const found = new Set([...document.querySelectorAll(selectors)]);
    for (const e of everything.slice(0, 20000)) {
      const parent = e.parentElement;
      if (getComputedStyle(e).cursor === "pointer" && parent && getComputedStyle(parent).cursor !== "pointer") found.add(e);
    }
    let list = [...found].filter((e) => shown(e) && !e.closest("header,footer,nav,[role=banner],[role=navigation],[role=contentinfo]"));
    list = list.map((e) => (e instanceof HTMLInputElement && /radio|checkbox/.test(e.type) && e.labels && e.labels[0] && shown(e.labels[0]) ? e.labels[0] : e));
    list = [...new Set(list)];
    const kinds = new Map(list.map((e) => [e, called(e)]));
    const drop = new Set();
    for (const outer of list) {
      const inner = list.filter((e) => e !== outer && outer.contains(e));
      if (inner.filter((e) => kinds.get(e)).length > 1) drop.add(outer);
      else inner.forEach((e) => drop.add(e));
    }
    return list.filter((e) => !drop.has(e)).map((e) => [e, kinds.get(e)]);
  };

  const group = () => {
    if (asked.select) {
      return [...document.querySelectorAll(asked.select)].filter(shown).map((e) => [e, called(e) || "way"]);
    }
    const all = pressable();
    let kinded = all.filter(([, kind]) => kind);
    const lead = kinded.find(([, kind]) => kind === "face") || kinded.find(([, kind]) => kind === "yes") || kinded[0];
    if (!lead) return [];
    const scope = lead[0].closest("[role=dialog],[role=alertdialog],dialog,main,[role=main]") || document.body;
    kinded = kinded.filter(([e]) => scope.contains(e));
    // What is made like a recognised choice and stands beside it is one too, whatever it says.
    const like = (e) => e.tagName + "|" + e.className, made = new Set(kinded.map(([e]) => like(e)));
    const homes = new Set(kinded.flatMap(([e]) => [e.parentElement, e.parentElement?.parentElement]));
    for (const [e, kind] of all) {
      const beside = homes.has(e.parentElement) || homes.has(e.parentElement?.parentElement);
      if (!kind && beside && made.has(like(e)) && !is.terms.test(words(e))) kinded.push([e, "way"]);
    }
    if (kinded.length < 2 && !kinded.some(([, kind]) => kind === "face" || kind === "yes")) return [];
    return kinded.sort((a, b) => (a[0].compareDocumentPosition(b[0]) & 4 ? -1 : 1));
  };

  const rgba = (text) => {
    const found = /^rgba?\(([^)]+)\)$/.exec(text);
    if (!found) { if (text !== "transparent") unseen.add("colour-space"); return [0, 0, 0, 0]; }
    const p = found[1].split(/[ ,/]+/).map(Number);
    return [p[0], p[1], p[2], p.length > 3 ? p[3] : 1];
  };
  const over = (top, under) => {
    const a = top[3] + under[3] * (1 - top[3]);
    return a === 0 ? [0, 0, 0, 0] : [0, 1, 2].map((i) => (top[i] * top[3] + under[i] * under[3] * (1 - top[3])) / a).concat(a);
  };
  const behind = (e) => {
    let colour = [0, 0, 0, 0], picture = false;
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") picture = true;
      colour = over(colour, rgba(style.backgroundColor));
      if (colour[3] > 0.99) break;
    }
    return [over(colour, [255, 255, 255, 1]), picture];
  };
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const texts = (e) => {
    if (e instanceof HTMLInputElement) return [e];
    const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && !parent.closest("svg,[aria-hidden=true]") && shown(parent)) found.push(parent);
    }
    return [...new Set(found)];
  };
  const typed = (e) => { const s = getComputedStyle(e); return `${s.fontSize}|${s.fontWeight}|${s.fontFamily}|${s.fontStyle}|${s.textDecorationLine}|${s.letterSpacing}`; };
  const painted = (e) => {
    const s = getComputedStyle(e);
    return [s.color, s.backgroundColor, s.backgroundImage, s.borderTopWidth, s.borderTopStyle,
      parseFloat(s.borderTopWidth) ? s.borderTopColor : "", s.opacity, s.boxShadow, s.filter, s.transform, s.animationName].join("|");
  };
  const icons = (e) => [...e.querySelectorAll("img,svg,canvas,picture,[class*=icon],i:empty")].filter((i) => shown(i) && !i.parentElement.closest("svg"));
  const drawn = (e) => ["::before", "::after"].some((p) => { const s = getComputedStyle(e, p); return s.content !== "none" && s.content !== "normal" && (s.backgroundImage !== "none" || s.maskImage !== "none"); });
  const chosen = (e) => {
    const input = e.control || (e instanceof HTMLInputElement ? e : e.querySelector("input"));
    const said = (a) => [e, ...e.querySelectorAll("*")].some((x) => x.getAttribute(a) === "true");
    return !!(input && input.checked) || said("aria-checked") || said("aria-pressed") || said("aria-selected") ||
      e.hasAttribute("autofocus") || document.activeElement === e || /\b(?:is-)?(?:selected|checked|active|current)\b/.test(e.className?.baseVal ?? e.className ?? "");
  };
  const found = group();
  const options = found.map(([e, kind], told) => {
    const box = e.getBoundingClientRect(), parts = texts(e), marks = icons(e);
    const main = parts.slice().sort((a, b) => {
      const s = getComputedStyle(a), t = getComputedStyle(b);
      return parseFloat(t.fontSize) - parseFloat(s.fontSize) || t.fontWeight - s.fontWeight;
    })[0] || e;
    const [under, picture] = behind(main);
    if (picture) unseen.add("picture-behind-text");
    return {
      kind, text: tidy(words(e)), x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height,
      contrast: picture ? null : contrast(over(rgba(getComputedStyle(main).color), under), under),
      type: typed(main), styles: [...new Set(parts.map(typed))].sort(),
      colour: [painted(e), ...[...new Set(parts.filter((p) => p !== e).map(painted))].sort()],
      icons: marks.length + (drawn(e) ? 1 : 0),
      iconArea: marks.reduce((sum, i) => { const b = i.getBoundingClientRect(); return sum + b.width * b.height; }, 0),
      selected: chosen(e), disabled: e.disabled === true || e.getAttribute("aria-disabled") === "true",
      clipped: e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline", seen: 0, told,
    };
  });
  options.slice().sort((a, b) => (Math.abs(a.y - b.y) > 4 ? a.y - b.y : a.x - b.x)).forEach((o, i) => { o.seen = i; });
  let around = null;
  for (const [e] of found) {
    around = around ? around : e.parentElement;
    while (around && !around.contains(e)) around = around.parentElement;
  }
  if (around && around.parentElement && around !== document.body && !around.matches("main,[role=main],dialog")) around = around.parentElement;
  return {
    options, around: tidy((around || document.body).innerText).slice(0, 4000),
    asksForFace: is.face.test(document.body.innerText || ""),
    camera: window.__liangmingCamera || 0, unseen: [...unseen].sort(), language: document.documentElement.lang || "",
  };
}
