// Section 2: the scope that is chosen, drawn over its period, with markers that never overlap.
const DAY = 86400000;
const MOOD = [0.31, 0.86]; // part of the timeline's height that shows mood
const utc = (text) => (typeof text === "number" ? text : Date.parse(`${text.replace(" ", "T")}${text.length > 10 ? "" : "T00:00"}Z`));
const iso = (time) => new Date(time).toISOString().slice(0, 10);

function bandOf(x, low, high, half) {
  // Closed outlines of unbroken runs, since a fill between two broken lines would bridge the gaps.
  const outline = { x: [], y: [] };
  let run = [];
  const close = () => {
    if (run.length) {
      const ends = (list, values) => list.map((i) => [x[i], values[i]]);
      const wide = run.length === 1
        ? [[x[run[0]] - half, low[run[0]]], [x[run[0]] + half, low[run[0]]], [x[run[0]] + half, high[run[0]]], [x[run[0]] - half, high[run[0]]]]
        : [...ends(run, low), ...ends([...run].reverse(), high)];
      wide.push(wide[0]);
      for (const [px, py] of wide) { outline.x.push(px); outline.y.push(py / 1000); }
      outline.x.push(null); outline.y.push(null);
    }
    run = [];
  };
  x.forEach((_, i) => (low[i] === null || high[i] === null ? close() : run.push(i)));
  close();
  return outline;
}

// Places numbers in three rows; neighbours that would touch even so are written as one, "12–15".
function placed(markers, range, width) {
  const ends = [-Infinity, -Infinity, -Infinity];
  const groups = [];
  for (const marker of markers) {
    const time = Date.parse(marker.zero);
    if (time < range[0] - DAY || time > range[1] + DAY) continue;
    const at = ((time - range[0]) / (range[1] - range[0])) * width;
    const lane = ends.findIndex((end) => at >= end);
    if (lane >= 0) groups.push({ time, at, lane, all: [marker] });
    else groups[groups.length - 1].all.push(marker);
    const group = groups[groups.length - 1];
    ends[group.lane] = group.at + 24 + 7.5 * named(group).length;
  }
  return groups;
}

function named(group) {
  const [first, last] = [group.all[0].number, group.all[group.all.length - 1].number];
  return first === last ? String(first) : `${first}–${last}`;
}

// Days added up to weeks, as the page does for other scopes, so that years of days stay legible.
function byWeek(series) {
  const begin = Date.parse(series.first);
  const lead = (new Date(begin).getUTCDay() + 6) % 7;
  const n = Math.ceil((series.posts.length + lead) / 7);
  const zeros = () => new Array(n).fill(0);
  const sum = { posts: zeros(), seen: zeros(), authors: zeros(), mood: zeros(), voted: zeros(), low: zeros(), high: zeros(), smoothed: zeros(), days: zeros() };
  series.posts.forEach((posts, i) => {
    const week = Math.floor((i + lead) / 7);
    sum.posts[week] += posts;
    sum.seen[week] += series.seen[i];
    sum.authors[week] += series.authors[i];
    if (series.mood[i] !== null) {
      sum.mood[week] += series.mood[i] * series.authors[i];
      sum.voted[week] += series.authors[i];
    }
    if (series.smoothed[i] !== null && series.low[i] !== null && series.high[i] !== null) {
      for (const name of ["low", "high", "smoothed"]) sum[name][week] += series[name][i];
      sum.days[week] += 1;
    }
  });
  const over = (name, weight) => sum[name].map((v, week) => (sum[weight][week] ? v / sum[weight][week] : null));
  return {
    ...series, first: iso(begin - lead * DAY), step: 7, posts: sum.posts, seen: sum.seen, authors: sum.authors, mood: over("mood", "voted"),
    low: over("low", "days"), high: over("high", "days"), smoothed: over("smoothed", "days"), outside: 0,
  };
}

function timelineChart() {
  const chart = data.timeline;
  const element = byId("plot-timeline");
  const choice = byId("timeline-scope");
  const second = byId("timeline-compare");
  const status = byId("timeline-status");
  const first = chart.series[0];
  const spare = Math.max(0, 15 - first.posts.length) / 2; // a single day is not drawn as wide as the page
  const whole = [Date.parse(first.first) - (spare + 0.5) * DAY, Date.parse(first.first) + (first.posts.length - 0.5 + spare) * DAY];
  const bulk = first.bulk.map((step) => Date.parse(first.first) + step * DAY);
  const margin = Math.max(14 * DAY, (bulk[1] - bulk[0]) * 0.03);
  // Where a few stray posts stretch the calendar, the first view is of the days that hold the others.
  const dense = bulk[1] - bulk[0] < 0.6 * (whole[1] - whole[0]);
  let range = dense ? [Math.max(whole[0], bulk[0] - margin), Math.min(whole[1], bulk[1] + margin)] : [...whole];
  let focus = null;

  function shapes(series) {
    const seen = chart.markers.filter((m) => Date.parse(m.zero) >= range[0] && Date.parse(m.zero) <= range[1]);
    const lines = seen.length > 40 ? seen.filter((m) => m.tone === "rose" || m.tone === "fell") : seen;
    const platform = series.scope.startsWith("platform:") && series.scope.slice("platform:".length);
    const missing = (spans, y0, y1) => spans.map(([from, to]) => ({
      type: "rect", layer: "below", yref: "paper", y0, y1, x0: Date.parse(from) - DAY / 2, x1: Date.parse(to) + DAY / 2,
      fillcolor: "@gap", line: { width: 0 },
    }));
    const result = platform
      ? missing(chart.gaps.platforms[platform] || [], 0, MOOD[1])
      : [...missing(chart.gaps.all, 0, MOOD[1]), ...missing(chart.gaps.part, 0.265, 0.285)];
    if (focus) {
      const day = Date.parse(focus);
      for (const name of ["baseline", "reaction"]) {
        const window = chart.windows[name];
        if (window) result.push({
          type: "rect", layer: "below", yref: "paper", y0: MOOD[0], y1: MOOD[1], fillcolor: "@span", line: { width: 0 },
          x0: day + (window[0] - 0.5) * DAY, x1: day + (window[1] + 0.5) * DAY,
        });
      }
    }
    for (const marker of lines) result.push({
      type: "line", layer: "below", yref: "paper", y0: MOOD[0], y1: MOOD[1], x0: Date.parse(marker.zero), x1: Date.parse(marker.zero),
      opacity: 0.8, line: { color: "@muted", width: 1, dash: "dot" },
    });
    for (const day of chart.breaks) result.push({
      type: "line", layer: "below", yref: "paper", y0: 0, y1: MOOD[1], x0: Date.parse(day), x1: Date.parse(day), line: { color: "@warn", width: 1.5, dash: "dash" },
    });
    return result;
  }

  function labels() {
    if (!focus) return [];
    return ["baseline", "reaction"].filter((name) => chart.windows[name]).map((name) => ({
      text: words[name], showarrow: false, yref: "paper", y: MOOD[1], yanchor: "top", font: { size: 11, color: "@muted" },
      x: Date.parse(focus) + ((chart.windows[name][0] + chart.windows[name][1]) / 2) * DAY,
    }));
  }

  // The second line: another selection, or the mood weighted by reach.
  function compared(weekly) {
    if (second.value === "") return { x: [], y: [] };
    if (second.value === "reach") {
      const begin = Date.parse(first.first);
      return { x: chart.reach.map((_, i) => begin + i * DAY), y: chart.reach.map((v) => (v === null ? null : v / 1000)) };
    }
    const other = chart.series[Number(second.value)];
    const series = other.step === 1 && weekly ? byWeek(other) : other;
    const begin = Date.parse(series.first);
    const step = series.step * DAY;
    return { x: series.posts.map((_, i) => begin + i * step + (series.step > 1 ? step / 2 - DAY / 2 : 0)), y: series.smoothed.map((v) => (v === null ? null : v / 1000)) };
  }

  function figure() {
    const chosen = chart.series[Number(choice.value)];
    const series = chosen.step === 1 && range[1] - range[0] > 800 * DAY ? byWeek(chosen) : chosen;
    const begin = Date.parse(series.first);
    const step = series.step * DAY;
    const x = series.posts.map((_, i) => begin + i * step + (series.step > 1 ? step / 2 - DAY / 2 : 0));
    const mood = (values) => values.map((v) => (v === null ? null : v / 1000));
    const names = series.posts.map((_, i) => iso(begin + i * step) + (series.step > 1 ? ` – ${iso(begin + i * step + step - DAY)}` : ""));
    const { l, r } = chart.figure.layout.margin;
    const width = element.clientWidth - l - r;
    const groups = placed(chart.markers, range, width);
    const tones = groups.map((g) => (new Set(g.all.map((m) => m.tone)).size === 1 ? g.all[0].tone : "flat"));
    const [bars, band, dots, line, other, coverage, ticks, numbers] = chart.figure.data;
    const outline = bandOf(x, series.low, series.high, step * 0.35);
    const points = (range[1] - range[0]) / step;
    const part = (i) => (series.posts[i] ? Math.min(100, (100 * series.posts[i]) / Math.max(series.seen[i], 1)) : null);
    const beside = compared(series.step > 1);
    const inside = beside.y.filter((v, i) => v !== null && beside.x[i] >= range[0] && beside.x[i] <= range[1]);
    return {
      weekly: series !== chosen,
      data: [
        { ...bars, x, y: series.posts, width: step * (points > 300 ? 1 : 0.86) },
        { ...band, ...outline },
        { ...dots, x, y: mood(series.mood), marker: { ...dots.marker, size: points > 300 ? 3 : 4.5 } },
        { ...line, line: { ...line.line, width: points > 300 ? 1.5 : 2.2 }, x, y: mood(series.smoothed), customdata: x.map((_, i) => [
          signed(series.low[i] === null ? null : series.low[i] / 1000), signed(series.high[i] === null ? null : series.high[i] / 1000),
          signed(series.mood[i] === null ? null : series.mood[i] / 1000), grouped(series.posts[i]), grouped(series.authors[i]), names[i], part(i) === null ? "–" : `${Math.round(part(i))}%`,
        ]) },
        { ...other, ...beside },
        { ...coverage, x, y: series.posts.map((_, i) => part(i)) },
        { ...ticks, x: chart.lesser.map((m) => Date.parse(m.day)), y: chart.lesser.map(() => 0.05), customdata: chart.lesser.map((m) => `${m.day} ${m.title}`) },
        {
          ...numbers,
          x: groups.map((g) => g.time),
          y: groups.map((g) => 0.55 + g.lane),
          text: groups.map(named),
          customdata: groups.map((g) => g.all.map((m) => `${m.number} · ${m.day} · ${m.title} (${words[m.tone]})`).join("<br>")),
          marker: { ...numbers.marker, color: tones.map((t) => `@${t}`), symbol: tones.map((t) => data.shapes[t]) },
        },
      ],
      layout: {
        ...chart.figure.layout,
        shapes: shapes(series),
        annotations: labels(),
        xaxis: { ...chart.figure.layout.xaxis, range: [...range], nticks: Math.max(2, Math.min(Math.round(element.clientWidth / 100), Math.floor((range[1] - range[0]) / DAY))) },
        yaxis: { ...chart.figure.layout.yaxis, range: [Math.min(series.range[0], ...inside), Math.max(series.range[1], ...inside)] },
      },
      series,
    };
  }

  function show() {
    const made = figure();
    draw(element, made);
    const { series } = made;
    const filledSteps = series.mood.filter((v) => v !== null).length;
    const all = series.mood.length;
    const notes = [];
    if (filledSteps < all) notes.push(filled(words[series.step > 1 ? "sparse.week" : "sparse"], { n: grouped(filledSteps), all: grouped(all) }));
    if (range[0] > whole[0] || range[1] < whole[1]) notes.push(filled(words.part, { from: iso(range[0] + DAY / 2), to: iso(range[1]) }));
    if (made.weekly) notes.push(words.weekly);
    if (series.outside) notes.push(filled(words.outside, { n: grouped(series.outside), all: grouped(filledSteps) }));
    byId("timeline-second").hidden = second.value === "";
    byId("timeline-second-name").textContent = second.selectedOptions[0].textContent;
    byId("timeline-dots").textContent = words[series.step > 1 ? "dots.week" : "dots.day"];
    status.textContent = notes.join(" ");
  }

  function go(from, to) {
    const length = Math.max(5 * DAY, Math.min(to - from, whole[1] - whole[0]));
    const start = Math.max(whole[0], Math.min(from, whole[1] - length));
    range = [start, start + length];
    show();
  }

  const actions = {
    all: () => { focus = null; go(...whole); },
    zoomIn: () => go(range[0] + (range[1] - range[0]) / 4, range[1] - (range[1] - range[0]) / 4),
    zoomOut: () => go(range[0] - (range[1] - range[0]) / 2, range[1] + (range[1] - range[0]) / 2),
    earlier: () => go(range[0] - (range[1] - range[0]) / 2, range[1] - (range[1] - range[0]) / 2),
    later: () => go(range[0] + (range[1] - range[0]) / 2, range[1] + (range[1] - range[0]) / 2),
  };
  for (const button of document.querySelectorAll("[data-timeline]")) {
    button.addEventListener("click", () => {
      const name = button.dataset.timeline;
      if (actions[name]) actions[name]();
      else go(range[1] - Number(name) * DAY, range[1]);
    });
  }
  for (const button of document.querySelectorAll("[data-focus]")) {
    button.addEventListener("click", () => {
      focus = button.dataset.focus;
      const day = Date.parse(focus);
      go(day - 45 * DAY, day + 20 * DAY);
      element.closest("figure").scrollIntoView({ block: "nearest" });
    });
  }
  choice.addEventListener("change", show);
  second.addEventListener("change", show);
  drawings.push(show);
  show();
  element.on("plotly_relayout", (change) => {
    if (change["xaxis.range[0]"] !== undefined) go(utc(change["xaxis.range[0]"]), utc(change["xaxis.range[1]"]));
    else if (change["xaxis.autorange"]) actions.all();
  });
}
