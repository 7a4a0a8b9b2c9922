// Package preview shows Office documents as pages that a browser can show without
// running anything: the text, tables and pictures of a docx, the sheets of an
// xlsx, the slides of a pptx.
//
// It is a look and no conversion. Fonts, page breaks, drawings, headers and
// footers are left out, and the page says so: the original decides. Nothing of
// the document runs, nothing is fetched: macros do not come this far (the upload
// refuses them), links are text, formulas show the value that the file keeps.
//
// The files are strangers'. What is read is bounded before it is unpacked (size,
// bytes of each part, paragraphs, rows, columns, pictures and their pixels), and
// what lies beyond is left out and said to be. The page itself is made by
// html/template, carries a policy that lets in nothing but its own styles and the
// pictures inside it, and is to be framed in a sandbox.
//
// Plain extraction and no library: those for docx and pptx that can be had are
// bound to a licence that a public office cannot take, or read a document whole
// into memory before any limit. Sheets are read by excelize, row by row.
package preview
