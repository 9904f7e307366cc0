// Findings are filtered by what stands after # in the address, so that a view can be sent on, and Back works.
(() => {
  const list = document.querySelector("#findings[data-found-vi]");
  if (!list) return;
  const root = document.documentElement;
  const fields = [...document.querySelectorAll("[data-filter]")];
  const status = document.querySelector("#found");

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d");
  const words = (text) => plain(text).split(/\s+/).filter(Boolean);
  const rules = [...list.querySelectorAll(".rule")].map((rule) => ({
    rule,
    code: rule.id,
    ...rule.dataset,
    counts: rule.dataset.in.split(" ").map((each) => each.split(":")),
    caption: rule.querySelector(".listed"),
    number: rule.querySelector(".number b"),
    share: rule.querySelector(".number .quiet"),
    title: plain(rule.querySelector("summary").textContent),
    rows: [...rule.querySelectorAll("tbody")].map((row) => ({ row, ...row.dataset, text: "" })),
  }));

  const number = (count, lang) => count.toLocaleString(lang === "vi" ? "vi-VN" : "en-GB");
  const say = (name, lang, counts) =>
    list.dataset[name + (lang === "vi" ? "Vi" : "En")].replace(/\{(\w+)\}/g, (_, key) => number(counts[key], lang));
  const both = (place, make) => {
    const spans = ["vi", "en"].map((lang) => Object.assign(document.createElement("span"), { lang, textContent: make(lang) }));
    place?.replaceChildren(...spans);
  };

  const asked = () => Object.fromEntries(new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : ""));

  const apply = () => {
    const { commune, class: group, rule: code, severity, text = "" } = asked();
    const searched = words(text);
    const all = { total: 0, shown: 0, listed: 0, rules: 0 };
    for (const field of fields) if (field.value !== (asked()[field.name] ?? "")) field.value = asked()[field.name] ?? "";
    for (const each of rules) {
      const meant = (at, level) => (commune === undefined || commune === at) && (!severity || severity === level);
      const total = each.counts.reduce((sum, [at, count, level]) => sum + (meant(at, level) ? +count : 0), 0);
      const wanted = total && (!code || code === each.code) && (!group || group === each.class);
      let shown = 0;
      for (const one of wanted ? each.rows : []) {
        const here = meant(one.commune, one.severity);
        if (searched.length && !one.text) one.text = `${each.title} ${plain(one.row.textContent)}`;
        one.row.hidden = !here || !searched.every((word) => one.text.includes(word));
        shown += !one.row.hidden;
        all.listed += here;
      }
      each.rule.hidden = !wanted || (searched.length > 0 && !shown);
      if (wanted) all.total += total;
      if (each.rule.hidden) continue;
      all.rules += 1;
      all.shown += shown;
      both(each.caption, (lang) => say("shown", lang, { shown, count: total }));
      both(each.number, (lang) => number(total, lang));
      if (each.share) each.share.hidden = total !== +each.count;
    }
    const filtered = location.hash.includes("=");
    status.hidden = document.querySelector("#clear").hidden = !filtered;
    if (filtered) both(status, (lang) => say(searched.length ? "having" : "found", lang, all));
    if (filtered && all.rules <= 5) for (const { rule } of rules) rule.open ||= !rule.hidden;
  };

  // A choice is a step in the history, a word that is being typed is one, too. What was not typed here scrolls.
  let own = false;
  const go = (typing) => {
    const state = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
    const hash = `#${state.toString() || "findings"}`;
    if (hash === location.hash) return;
    own = true;
    if (typing && asked().text && state.get("text")) location.replace(hash);
    else location.hash = hash;
  };
  for (const field of fields) {
    const typed = field.type === "search";
    field.addEventListener(typed ? "input" : "change", () => go(typed));
  }
  document.querySelector("#clear").addEventListener("click", () => {
    for (const field of fields) field.value = "";
    go(false);
    fields[0].focus();
  });
  addEventListener("hashchange", () => {
    apply();
    if (!own && location.hash.includes("=")) list.scrollIntoView();
    own = false;
  });

  // An option holds text only, so it is told in the language of the page.
  document.addEventListener("language", () => {
    for (const option of document.querySelectorAll("option[data-vi]")) option.textContent = option.dataset[root.lang];
  });
  apply();
  if (location.hash.includes("=")) list.scrollIntoView();
})();
