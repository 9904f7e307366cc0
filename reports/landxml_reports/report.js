(() => {
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Without scripts the page stays in its first language and shows everything.
  for (const tool of all("[data-script]")) tool.hidden = false;

  const buttons = all("[data-set-lang]");
  const speak = (lang) => {
    root.lang = lang;
    document.title = root.dataset["title" + (lang === "en" ? "En" : "Vi")];
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.setLang === lang));
  };
  for (const button of buttons) button.addEventListener("click", () => speak(button.dataset.setLang));
  speak(root.lang);

  // Typing without diacritics finds words with them.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d");
  const rules = all(".rule").map((rule) => [rule, plain(rule.textContent)]);
  const field = document.querySelector("#filter");
  field?.addEventListener("input", () => {
    const wanted = plain(field.value.trim());
    let shown = 0;
    for (const [rule, text] of rules) {
      rule.hidden = !text.includes(wanted);
      shown += rule.hidden ? 0 : 1;
    }
    document.querySelector("#filtered").hidden = !wanted;
    document.querySelector("#filtered b").textContent = shown;
  });

  // A link to something folded unfolds it.
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.matches("details")) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Paper cannot be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => folded.forEach((each) => (each.open = false)));
})();
