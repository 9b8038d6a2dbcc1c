// Section 3: rows that fit the filters, as a forest plot and as a table.
function effectsView() {
  const { columns, texts, figure } = data.effects;
  const { shapes } = data;
  const element = byId("plot-effects");
  const body = byId("effects-rows");
  const status = byId("effects-status");
  const heads = [...document.querySelectorAll("#effects-table th")].map((th) => th.textContent);
  const inputs = Object.fromEntries(["window", "scope", "which", "verdict", "sort", "search"].map((name) => [name, byId(`effects-${name}`)]));
  const text = (name, row) => texts[name][columns[name][row]];
  let rows = [];

  function chosen() {
    const needle = inputs.search.value.trim().toLowerCase();
    const found = [];
    for (let row = 0; row < columns.day.length; row += 1) {
      if (text("scope", row) !== inputs.scope.value || text("window", row) !== inputs.window.value) continue;
      if (inputs.which.value === "numbered" && !text("number", row)) continue;
      if (inputs.verdict.value && text("tone", row) !== inputs.verdict.value) continue;
      if (needle && !text("title", row).toLowerCase().includes(needle)) continue;
      found.push(row);
    }
    if (inputs.sort.value === "size") {
      const size = (row) => (columns.effect[row] === null ? -Infinity : columns.effect[row]);
      found.sort((a, b) => size(b) - size(a) || a - b);
    }
    return found;
  }

  function cell(head, content, className) {
    const td = document.createElement("td");
    td.dataset.label = head;
    td.className = content === "–" ? `${className} absent` : className;
    td.append(...[].concat(content));
    return td;
  }

  function tableRow(row) {
    const tr = document.createElement("tr");
    const tone = text("tone", row);
    const title = document.createElement("bdi");
    title.textContent = text("title", row);
    const verdict = document.createElement("span");
    verdict.className = `verdict ${tone}`;
    verdict.append(sign(tone), words[tone]);
    const reason = document.createElement("span");
    reason.className = "reason";
    reason.textContent = text("reason", row);
    const { low, high, smallest_visible: smallest } = columns;
    tr.append(
      cell(heads[0], text("number", row) || "–", "number"),
      cell(heads[1], text("day", row), "day"),
      cell(heads[2], title, "title"),
      cell(heads[3], `${shown(columns.n_authors[row])} / ${shown(columns.n_authors_baseline[row])}`, "number"),
    );
    const effect = columns.effect[row] === null ? [] : [cell(heads[4], signed(columns.effect[row]), "number")];
    tr.append(...effect);
    if (columns.p[row] === null) {
      const only = cell("", text("reason", row), "only");
      only.colSpan = 5 - effect.length;
      tr.append(only, cell(heads[9], verdict, "outcome"));
      return tr;
    }
    tr.append(
      cell(heads[5], low[row] === null ? "–" : `${signed(low[row])} … ${signed(high[row])}`, "number"),
      cell(heads[6], chance(columns.p[row]), "number"),
      cell(heads[7], chance(columns.q[row]), "number"),
      cell(heads[8], smallest[row] === null ? "–" : smallest[row].toFixed(2), "number"),
      cell(heads[9], text("reason", row) ? [verdict, reason] : verdict, "outcome"),
    );
    return tr;
  }

  const spaced = (label, limit) => {
    let width = 0;
    let kept = "";
    for (const character of label) {
      width += character.codePointAt(0) > 0x2e7f ? 2 : 1;
      if (width > limit) return `${kept.trimEnd()}…`;
      kept += character;
    }
    return kept;
  };

  function forest() {
    const drawn = rows.filter((row) => columns.effect[row] !== null);
    element.parentElement.hidden = !drawn.length;
    if (!drawn.length) return;
    const wide = element.parentElement.clientWidth > 760;
    element.style.height = `${70 + 28 * drawn.length}px`;
    const of = (name) => drawn.map((row) => columns[name][row]);
    const effect = of("effect");
    const low = of("low");
    const high = of("high");
    const reach = of("smallest_visible").map((v) => v || 0);
    const tones = drawn.map((row) => text("tone", row));
    const values = [...low, ...high, ...effect, ...reach, ...reach.map((v) => -v), 0.05, -0.05].filter((v) => v !== null);
    const ends = [Math.min(...values), Math.max(...values)];
    const room = (ends[1] - ends[0]) * 0.04;
    const y = drawn.map((_, i) => i);
    const label = (row) => {
      const begin = `${text("number", row)}${text("number", row) ? "  " : ""}${text("day", row)}`;
      return wide ? `${unmarked(spaced(text("title", row).replace(/\s+/g, " "), 42))}   ${begin.replace(/^(\S+) {2}(.*)$/, "$2   <b>$1</b>")}` : begin;
    };
    const [bars, points] = figure.data;
    draw(element, {
      data: [
        { ...bars, y, base: reach.map((v) => -v), x: reach.map((v) => 2 * v) },
        {
          ...points, x: effect, y,
          marker: { ...points.marker, color: tones.map((t) => `@${t}`), symbol: tones.map((t) => shapes[t]), line: { width: 1.6, color: tones.map((t) => `@${t}`) } },
          error_x: { ...points.error_x, array: effect.map((v, i) => (high[i] === null ? 0 : high[i] - v)), arrayminus: effect.map((v, i) => (low[i] === null ? 0 : v - low[i])) },
          customdata: drawn.map((row, i) => `<b>${unmarked(spaced(text("title", row), 70))}</b><br>${signed(effect[i])} (${words.interval} ${signed(low[i])} … ${signed(high[i])})<br>p ${chance(columns.p[row])}, q ${chance(columns.q[row])}, n ${shown(columns.n_authors[row])}<br>${words.smallest} ${reach[i] ? reach[i].toFixed(2) : "–"}<br>${words[tones[i]]}`),
        },
      ],
      layout: {
        ...figure.layout,
        xaxis: { ...figure.layout.xaxis, range: [ends[0] - room, ends[1] + room] },
        yaxis: { ...figure.layout.yaxis, range: [drawn.length - 0.5, -0.5], tickvals: y, ticktext: drawn.map(label) },
      },
    });
  }

  function show() {
    rows = chosen();
    body.replaceChildren(...rows.map(tableRow));
    const hidden = rows.filter((row) => columns.effect[row] === null).length;
    const notes = [rows.length ? filled(words[rows.length === 1 ? "rows.one" : "rows"], { n: grouped(rows.length) }) : words.no_rows];
    if (hidden && hidden < rows.length) notes.push(filled(words.not_drawn, { n: grouped(hidden) }));
    status.textContent = notes.join(" · ");
    forest();
  }

  for (const input of Object.values(inputs)) input.addEventListener("input", show);
  drawings.push(forest);
  show();
}
