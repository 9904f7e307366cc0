"use strict";
// Search without a server: the index is a script, loaded when the field is first used.
// Words without marks find words with them (thua dat: thửa đất); words with marks find only these.
(() => {
  const root = new URL("..", document.currentScript.src);
  const vi = document.documentElement.lang === "vi";
  const words = vi
    ? { field: "Tìm trong tài liệu", none: "Không tìm thấy", found: n => `${n} kết quả` }
    : { field: "Search the documentation", none: "Nothing found", found: n => `${n} results` };
  const plain = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
  const LIMIT = 40;
  let entries = null, waiting = false;

  const form = document.createElement("form");
  form.className = "site-search";
  form.setAttribute("role", "search");
  form.innerHTML = `<input type="search" name="q" autocomplete="off"><p role="status"></p><ol></ol>`;
  const [input, status, list] = form.children;
  input.placeholder = words.field;
  input.setAttribute("aria-label", words.field);
  status.hidden = list.hidden = true;

  window.landxmlSearch = found => {
    entries = found.map(([page, anchor, title, heading, text]) => ({
      page, anchor, title, heading, text,
      exact: { head: `${title} ${heading}`.normalize("NFC").toLowerCase(), body: text.normalize("NFC").toLowerCase() },
      folded: { head: plain(`${title} ${heading}`), body: plain(text) },
    }));
    show();
  };

  const load = () => {
    if (entries || waiting) return;
    waiting = true;
    const script = document.createElement("script");
    script.src = new URL("assets/index.js", root);
    document.head.append(script);
  };

  // How well a section fits; 0: not all words are there.
  const fit = (entry, query) => {
    const { head, body } = query === plain(query) ? entry.folded : entry.exact;
    const each = query.split(/\s+/);
    if (!each.every(word => head.includes(word) || body.includes(word))) return 0;
    return 1 + 20 * head.includes(query) + 5 * body.includes(query) + 3 * each.filter(word => head.includes(word)).length
      - Math.min(entry.text.length, 20000) / 20000;
  };

  const row = (entry, query) => {
    const { body } = query === plain(query) ? entry.folded : entry.exact;
    const at = Math.max(0, body.indexOf(query.split(/\s+/)[0]) - 40);
    const item = document.createElement("li"), link = document.createElement("a"), text = document.createElement("p");
    link.href = new URL(entry.page + (entry.anchor && `#${entry.anchor}`), root);
    link.textContent = entry.heading === entry.title ? entry.title : `${entry.title} › ${entry.heading}`;
    text.textContent = (at ? "…" : "") + entry.text.slice(at, at + 160);
    item.append(link, text);
    return item;
  };

  const show = () => {
    const query = input.value.trim().normalize("NFC").toLowerCase();
    status.hidden = list.hidden = !query || !entries;
    if (list.hidden) return;
    const found = entries.map(entry => [fit(entry, query), entry]).filter(([n]) => n).sort((a, b) => b[0] - a[0]);
    status.textContent = found.length ? words.found(found.length) : words.none;
    list.replaceChildren(...found.slice(0, LIMIT).map(([, entry]) => row(entry, query)));
  };

  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); show(); });
  form.addEventListener("submit", event => { event.preventDefault(); list.querySelector("a")?.click(); });
  form.addEventListener("keydown", event => { if (event.key === "Escape") { input.value = ""; show(); } });
  document.addEventListener("DOMContentLoaded", () => {
    (document.querySelector("header nav") ?? document.querySelector("header") ?? document.body).append(form);
    const other = document.querySelector(".other-language a");
    if (other) form.before(other);
  });
})();
