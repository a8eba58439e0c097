"use strict";
// The table sorts and filters. Without this it is complete, in the order of ids.
const table = document.getElementById("class");
const body = table.tBodies[0];
const rows = Array.from(body.rows, (row) => ({
  row,
  cells: Array.from(row.cells, (cell) => cell.textContent.trim()),
}));

function compare(one, other) {
  const a = Number(one), b = Number(other);
  if (one !== "" && other !== "" && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return one < other ? -1 : one > other ? 1 : 0;
}

function sort(column, header) {
  const down = header.getAttribute("aria-sort") === "ascending";
  for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  // What is empty stays at the end, whichever way it goes.
  rows.sort((x, y) => {
    const one = x.cells[column], other = y.cells[column];
    if ((one === "") !== (other === "")) return one === "" ? 1 : -1;
    return down ? compare(other, one) : compare(one, other);
  });
  body.append(...rows.map((each) => each.row));
}

Array.from(table.tHead.rows[0].cells).forEach((header, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...header.childNodes);
  button.addEventListener("click", () => sort(column, header));
  header.append(button);
});

const words = document.getElementById("words");
const found = document.getElementById("found");
function filter() {
  const wanted = words.value.toLowerCase();
  let count = 0;
  for (const { row, cells } of rows) {
    const fits = cells.slice(0, 3).join(" ").toLowerCase().includes(wanted);
    row.hidden = !fits;
    count += fits;
  }
  found.textContent = `${count} of ${rows.length}`;
}
words.addEventListener("input", filter);
document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("filter").hidden = false;
filter();
