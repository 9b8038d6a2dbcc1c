// The panel of an announcement: its curve over the fan of ordinary dates. Drawn when its card is opened.
function closeup(card) {
  const about = data.closeups.curves[card.dataset.closeup];
  const element = card.querySelector(".plot");
  const x = about.offsets;
  const label = (offset) => (offset > 0 ? "+" : offset < 0 ? "−" : "") + Math.abs(offset);

  function fan(low, high) {
    // Closed outlines of unbroken runs; a fill between two broken lines would bridge what is missing.
    return bandOf(x, about[low].map(scaled), about[high].map(scaled), 0.4);
  }
  const scaled = (v) => (v === null ? null : v * 1000);

  function draws() {
    if (!card.open && !printing) return;
    const [bars, wide, narrow, middle, dots, line] = data.closeups.figure.data;
    const { layout } = data.closeups.figure;
    const values = ["curve", "q05", "q95"].flatMap((name) => about[name]).filter((v) => v !== null);
    const ends = [Math.min(...values, -0.05), Math.max(...values, 0.05)];
    const room = (ends[1] - ends[0]) * 0.12;
    const clipped = (v) => (v === null || v < ends[0] - room || v > ends[1] + room ? null : v);
    const others = about.marks.filter((mark) => !mark.own);
    draw(element, {
      data: [
        { ...bars, x, y: about.posts },
        { ...wide, ...fan("q05", "q95") },
        { ...narrow, ...fan("q25", "q75") },
        { ...middle, x, y: about.q50 },
        { ...dots, x, y: about.mood.map(clipped) },
        { ...line, x, y: about.curve, customdata: x.map((offset, i) => [
          `<b>${words.day} ${label(offset)}</b> · ${about.days[i]}`,
          `${words.curve} ${signed(about.curve[i])}, ${words.alone} ${signed(about.mood[i])}`,
          about.q05[i] === null ? "" : `${words.ordinary} ${signed(about.q05[i])} … ${signed(about.q95[i])}`,
          `${shown(about.posts[i])} ${words.posts}, ${shown(about.authors[i])} ${words.votes}`,
          ...about.marks.filter((mark) => mark.at === offset).map((mark) => `${mark.number ? `<b>${mark.number}</b> ` : ""}${mark.title.length > 60 ? `${mark.title.slice(0, 59)}…` : mark.title}`),
        ].filter(Boolean).join("<br>")) },
      ],
      layout: {
        ...layout,
        xaxis: { ...layout.xaxis, range: [x[0] - 0.6, x[x.length - 1] + 0.6] },
        yaxis: { ...layout.yaxis, range: [ends[0] - room, ends[1] + room] },
        shapes: [
          { type: "rect", layer: "below", yref: "paper", y0: 0.3, y1: 1, x0: about.window[0] - 0.5, x1: about.window[1] + 0.5, fillcolor: "@span", line: { width: 0 } },
          { type: "line", yref: "paper", y0: 0.3, y1: 1, x0: 0, x1: 0, line: { color: "@muted", width: 1 } },
          ...others.map((mark) => ({ type: "line", yref: "paper", y0: 0.3, y1: 1, x0: mark.at, x1: mark.at, opacity: 0.8, line: { color: "@muted", width: 1, dash: "dot" } })),
        ],
        annotations: spread(others, (element.clientWidth - 66) / (x.length + 0.2)).map((mark) => ({
          x: mark.at, y: 1, yref: "paper", yanchor: "bottom", text: mark.text, showarrow: false, font: { size: 11, color: "@muted" },
        })),
      },
    });
  }

  // Numbers of other announcements over their days; those that would touch are left to the hover and the list.
  function spread(marks, pixels) {
    const shownMarks = [];
    let end = -Infinity;
    for (const at of [...new Set(marks.map((mark) => mark.at))]) {
      const numbers = marks.filter((mark) => mark.at === at && mark.number).map((mark) => mark.number);
      const text = numbers.length > 1 ? `${numbers[0]}–${numbers[numbers.length - 1]}` : String(numbers[0] || "");
      if (!text || at * pixels - text.length * 3.6 < end) continue;
      end = at * pixels + text.length * 3.6 + 6;
      shownMarks.push({ at, text });
    }
    return shownMarks;
  }

  card.addEventListener("toggle", draws);
  drawings.push(draws);
}

function closeups() {
  for (const card of document.querySelectorAll("[data-closeup]")) closeup(card);
}
