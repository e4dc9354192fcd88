// What a table of figures needs: sorting by a heading, a filter, a CSV file. data-sort holds the exact value.
(function () {
  const MANY = 8;

  function key(row, column) {
    const cell = row.cells[column];
    return cell ? (cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim()) : "";
  }
  function compare(a, b) {
    const x = parseFloat(a), y = parseFloat(b);
    return isNaN(x) || isNaN(y) ? a.localeCompare(b, "zh-CN", {numeric: true}) : x - y;
  }
  function sortable(table) {
    const heads = Array.from(table.querySelectorAll("thead th"));
    heads.forEach(function (head, column) {
      // Not a <button>: Chromium leaves those out of a head it repeats on the next sheet.
      const button = document.createElement("span");
      button.className = "sort";
      button.tabIndex = 0;
      button.title = "点击排序";
      button.setAttribute("role", "button");
      button.append.apply(button, head.childNodes);
      head.append(button);
      button.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        head.click();
      });
      head.addEventListener("click", function () {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = Array.from(body.rows).map(function (row, place) { return [key(row, column), place, row]; });
        rows.sort(function (a, b) { return (down ? -1 : 1) * compare(a[0], b[0]) || a[1] - b[1]; });
        rows.forEach(function (entry) { body.append(entry[2]); });
      });
    });
  }

  // A heading row stays while one of its rows does.
  function filter(table, words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    let heading = null, shown = 0, all = 0;
    for (const row of table.tBodies[0].rows) {
      if (row.classList.contains("section")) {
        heading = row;
        heading.hidden = wanted.length > 0;
        continue;
      }
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every(function (word) { return text.includes(word); });
      all += 1;
      if (row.hidden) continue;
      shown += 1;
      if (heading) heading.hidden = false;
    }
    return wanted.length ? shown + " / " + all + " 行" : "";
  }

  // As shown; <br> and asides apart from their neighbours; a spreadsheet must not run a text as a formula.
  function words(cell) {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("br, .kh-sub").forEach(function (each) { each.before(" "); });
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    return /^[=+\-@]/.test(text) ? "'" + text : text;
  }
  function csv(table) {
    const rows = Array.from(table.rows).filter(function (row) { return !row.hidden; });
    return rows.map(function (row) {
      return Array.from(row.cells).map(function (cell) {
        return '"' + words(cell).replace(/"/g, '""') + '"' + ",".repeat(cell.colSpan - 1);
      }).join(",");
    }).join("\r\n") + "\r\n";
  }
  // The nearest name over it: its caption, the figure it stands behind, the heading.
  function title(table) {
    if (table.caption) return table.caption.textContent;
    const named = Array.from(document.querySelectorAll("h2, h3, figcaption strong")).filter(function (each) {
      return each.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING;
    });
    return named.length ? named[named.length - 1].textContent : "";
  }
  function download(table) {
    const name = [document.title, title(table)].filter(Boolean).join(" ").replace(/[\\/:*?"<>|¶\s]+/g, " ").trim();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + csv(table)], {type: "text/csv;charset=utf-8"}));
    link.download = name.slice(0, 80) + ".csv";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function tools(table) {
    const bar = document.createElement("div");
    bar.className = "tools";
    if (table.tBodies[0].rows.length > MANY) {
      const input = document.createElement("input");
      const count = document.createElement("span");
      input.type = "search";
      input.placeholder = "筛选这张表";
      input.setAttribute("aria-label", "筛选：" + (title(table) || "这张表"));
      count.setAttribute("role", "status");
      input.addEventListener("input", function () { count.textContent = filter(table, input.value); });
      bar.append(count, input);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "下载 CSV";
    button.setAttribute("aria-label", "下载 CSV：" + (title(table) || "这张表"));
    button.addEventListener("click", function () { download(table); });
    bar.append(button);
    table.closest(".table-scroll").before(bar);
  }

  // On a phone the style sets these row by row; each figure then needs its heading beside it.
  function stacks(table) {
    if (!table.querySelector("td.reason, td.wide")) return;
    const heads = Array.from(table.querySelectorAll("thead th")).map(function (head) { return head.textContent; });
    table.classList.add("stacks");
    for (const row of table.tBodies[0].rows) {
      let column = 0;
      for (const cell of row.cells) {
        cell.dataset.label = heads[column];
        column += cell.colSpan;
      }
    }
  }

  // A frame that scrolls has to be reached by the keyboard.
  function scrolls(frame) {
    const wide = frame.scrollWidth > frame.clientWidth + 1;
    if (wide) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
  }
  function frames() { document.querySelectorAll(".table-scroll").forEach(scrolls); }

  document.querySelectorAll("table.kh-table").forEach(stacks);
  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll(".table-scroll > table.kh-table").forEach(tools);
  document.querySelectorAll("details").forEach(function (each) { each.addEventListener("toggle", frames); });
  addEventListener("resize", frames);
  frames();
})();
