// The reader's choices, and what follows from them.
function themeButtons() {
  const buttons = [...document.querySelectorAll("[data-set-theme]")];
  const mark = () => {
    const chosen = document.documentElement.dataset.theme || "auto";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.setTheme === chosen));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const name = button.dataset.setTheme;
      if (name === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = name;
      try { localStorage.setItem("mood-sentinel-theme", name); } catch { /* closed to local files */ }
      mark();
      drawAll();
    });
  }
  mark();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}

// A link to a folded card unfolds it.
function unfold() {
  const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (target) target.scrollIntoView();
}

let waiting = 0;
let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === lastWidth) return;
  lastWidth = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 120);
});
// Paper cannot be unfolded: what is folded away is printed too, and folded again afterwards.
let folded = [];
addEventListener("beforeprint", () => {
  printing = true;
  document.documentElement.classList.add("printing");
  if (!folded.length) folded = [...document.querySelectorAll("details:not([open])")];
  for (const node of folded) node.open = true;
  drawAll();
});
addEventListener("afterprint", () => {
  printing = false;
  document.documentElement.classList.remove("printing");
  for (const node of folded) node.open = false;
  folded = [];
  drawAll();
});
addEventListener("hashchange", unfold);

themeButtons();
if (data.timeline) timelineChart();
if (data.effects) effectsView();
closeups();
finder();
drawAll();
unfold();
document.documentElement.dataset.drawn = "true";
