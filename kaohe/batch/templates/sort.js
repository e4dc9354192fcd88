// Click a heading of a sortable table to sort by it; data-sort holds the exact value.
document.querySelectorAll("table.sortable").forEach(function (table) {
  table.querySelectorAll("thead th").forEach(function (head, column) {
    head.tabIndex = 0;
    head.title = "点击排序";
    function sort() {
      var down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var body = table.tBodies[0];
      var key = function (row) {
        var cell = row.cells[column];
        return cell ? (cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim()) : "";
      };
      var rows = Array.from(body.rows).map(function (row, place) { return [key(row), place, row]; });
      rows.sort(function (a, b) {
        var x = parseFloat(a[0]), y = parseFloat(b[0]);
        var order = isNaN(x) || isNaN(y) ? a[0].localeCompare(b[0], "zh-CN") : x - y;
        return (down ? -order : order) || a[1] - b[1];
      });
      rows.forEach(function (entry) { body.appendChild(entry[2]); });
    }
    head.addEventListener("click", sort);
    head.addEventListener("keydown", function (event) { if (event.key === "Enter") { sort(); } });
  });
});
