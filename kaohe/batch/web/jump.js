// Part of a unit's name or number, and Enter: its page. Choosing from the list goes there at once.
document.querySelectorAll(".jump").forEach(function (form) {
  const input = form.querySelector("input");
  const options = Array.from(form.querySelectorAll("option"));
  const plain = function (text) { return text.toLowerCase().replace(/\s+/g, ""); };
  function go(option) { location.href = option.dataset.href; }

  input.addEventListener("input", function () {
    form.classList.remove("unknown");
    input.removeAttribute("aria-invalid");
    const exact = options.find(function (option) { return option.value === input.value; });
    if (exact) go(exact);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    const wanted = plain(input.value);
    if (!wanted) return;
    const starts = options.find(function (option) { return plain(option.value).startsWith(wanted); });
    const found = starts || options.find(function (option) { return plain(option.value).includes(wanted); });
    if (found) return go(found);
    form.classList.add("unknown");
    input.setAttribute("aria-invalid", "true");
    input.select();
  });
});
