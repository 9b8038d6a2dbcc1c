// Section 1: a word of a title leads to the announcement's card.
function finder() {
  const box = byId("finder");
  if (!box) return;
  box.hidden = false;
  const list = byId("finder-found");
  const status = byId("finder-status");
  const cards = [...document.querySelectorAll(".card[id^=event-]")].map((card) => ({
    id: card.id,
    title: card.querySelector(".name bdi").textContent,
    days: card.querySelector(".when").textContent,
    number: card.querySelector(".badge").textContent,
    verdict: card.querySelector("summary .verdict"),
  }));
  byId("finder-text").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = wanted.length ? cards.filter((card) => wanted.every((word) => `${card.title} ${card.days}`.toLowerCase().includes(word))) : [];
    list.replaceChildren(...found.slice(0, 8).map((card) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${card.id}`;
      const badge = document.createElement("span");
      badge.className = "badge";
      badge.textContent = card.number;
      const title = document.createElement("bdi");
      title.textContent = card.title;
      link.append(badge, " ", title);
      const when = document.createElement("span");
      when.className = "when";
      when.textContent = ` ${card.days} `;
      item.append(link, when, card.verdict.cloneNode(true));
      return item;
    }));
    status.textContent = wanted.length ? filled(words[found.length === 1 ? "rows.one" : "rows"], { n: grouped(found.length) }) : "";
  });
}
