// Classes of a dictionary that have a word; typing without diacritics finds words with them.
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d");
  const classes = [...document.querySelectorAll(".rule")].map((each) => [each, plain(each.textContent)]);
  const field = document.querySelector("#filter");
  field?.addEventListener("input", () => {
    const wanted = plain(field.value.trim());
    let shown = 0;
    for (const [each, text] of classes) {
      each.hidden = !text.includes(wanted);
      shown += each.hidden ? 0 : 1;
    }
    document.querySelector("#filtered").hidden = !wanted;
    document.querySelector("#filtered b").textContent = shown;
  });
})();
