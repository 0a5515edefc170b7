// The editor of a label configuration: line numbers, marks at the lines of problems, Tab indents, a problem's line is one
// click away. Escape lets the next Tab leave the field, so nobody is caught in it.

const editor = document.querySelector("[data-code]")
const text = editor?.querySelector("[data-code-text]")
const lines = editor?.querySelector("[data-code-lines]")
let leaving = false

function number() {
  const count = text.value.split("\n").length
  const faulty = new Set([...document.querySelectorAll("[data-code-problem]")].map((one) => Number(one.dataset.codeProblem)))
  lines.replaceChildren(...Array.from({ length: count }, (_, place) => {
    const line = document.createElement("span")
    line.textContent = `${place + 1}\n`
    line.classList.toggle("faulty", faulty.has(place + 1))
    return line
  }))
  lines.scrollTop = text.scrollTop
}

function go(line, column) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n")
  const at = Math.min(text.value.length, before.length + (line > 1 ? 1 : 0) + column - 1)
  text.focus()
  text.setSelectionRange(at, at)
  text.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(text).lineHeight))
}

function indent(out) {
  const { selectionStart: from, selectionEnd: to, value } = text
  const start = value.lastIndexOf("\n", from - 1) + 1
  if (!out && !value.slice(from, to).includes("\n")) return write("  ")
  const chosen = value.slice(start, to)
  const changed = out ? chosen.replace(/^ {1,2}/gm, "") : chosen.replace(/^(?=.)/gm, "  ")
  if (changed === chosen) return
  text.setSelectionRange(start, to)
  write(changed)
  text.setSelectionRange(start, start + changed.length)
}

// `insertText` keeps the browser's own undo, which setting `value` would throw away.
function write(what) {
  if (what) document.execCommand("insertText", false, what)
  else document.execCommand("delete")
}

if (text && lines) {
  text.addEventListener("input", number)
  text.addEventListener("scroll", () => { lines.scrollTop = text.scrollTop })
  text.addEventListener("blur", () => { leaving = false })
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { leaving = true; return }
    if (event.key === "Tab" && !leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault()
      indent(event.shiftKey)
    }
    if (event.key !== "Tab" && event.key !== "Shift") leaving = false
  })
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-code-goto]")
    if (!link) return
    event.preventDefault()
    go(...link.dataset.codeGoto.split(":").map(Number))
  })
  document.addEventListener("htmx:after:swap", number)
  number()
}
