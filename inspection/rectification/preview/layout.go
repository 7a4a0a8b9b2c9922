package preview

import "html/template"

// layout is the page. Its policy stands in it, too, for a page that somebody saved:
// nothing runs, nothing is fetched.
var layout = template.Must(template.New("preview").Parse(`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>预览：{{.Name}}</title>
<style>
body { margin: 0; background: #f3f4f6; color: #1f2329; font: 15px/1.7 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; }
.note { margin: 0; padding: 6px 16px; background: #fff8e6; border-bottom: 1px solid #e5d9b6; font-size: 13px; }
nav { padding: 6px 16px; background: #fff; border-bottom: 1px solid #d9dce1; font-size: 13px; }
nav a { margin-right: 16px; color: #1a4f8b; }
main { margin: 12px auto; padding: 32px 48px; max-width: 820px; background: #fff; border: 1px solid #d9dce1; overflow-x: auto; }
main.sheet { margin: 12px; padding: 12px; max-width: none; }
h1, h2, h3, h4, h5, h6 { margin: .6em 0 .3em; line-height: 1.4; font-size: 1.05em; }
h1 { font-size: 1.45em; } h2 { font-size: 1.25em; } h3 { font-size: 1.12em; }
p { margin: 0 0 .35em; min-height: 1em; white-space: pre-wrap; overflow-wrap: anywhere; }
.center { text-align: center; } .right { text-align: right; }
.in1 { padding-left: 2em; } .in2 { padding-left: 4em; } .in3 { padding-left: 6em; }
table { border-collapse: collapse; margin: 8px 0; }
td, th { border: 1px solid #b4b9c2; padding: 3px 6px; vertical-align: top; text-align: left; overflow-wrap: anywhere; min-width: 2em; max-width: 30em; }
.sheet td, .sheet th { font-size: 13px; line-height: 1.5; white-space: pre-wrap; }
td p { margin: 0; }
.sheet th { background: #eef0f3; color: #555; font-weight: 400; text-align: center; }
img { max-width: 100%; height: auto; }
.missing { color: #6b7280; }
.empty { color: #6b7280; }
</style>
</head>
<body>
<p class="note">预览只供查看内容，版式、页眉页脚和图形未必与原件一致，以原件为准。{{if .Cut}}内容较多，超出预览范围的部分没有显示，请下载原件查看。{{end}}</p>
{{if gt (len .Parts) 1}}<nav aria-label="页面列表">{{range $i, $p := .Parts}}<a href="#p{{$i}}">{{$p.Title}}</a>{{end}}</nav>{{end}}
{{range $i, $p := .Parts}}
<main id="p{{$i}}"{{if $p.Grid}} class="sheet"{{end}}>
{{if $p.Title}}<h2>{{$p.Title}}</h2>{{end}}
{{template "blocks" $p.Blocks}}
{{with $p.Grid}}{{template "grid" .}}{{end}}
{{if and (not $p.Blocks) (not $p.Grid)}}<p class="empty">此处没有文字内容。</p>{{end}}
</main>
{{end}}
</body>
</html>
{{define "blocks"}}{{range .}}{{if .Table}}{{template "grid" .Table}}
{{else if eq .Heading 1}}<h1 class="{{.Align}}">{{template "runs" .Runs}}</h1>
{{else if eq .Heading 2}}<h2 class="{{.Align}}">{{template "runs" .Runs}}</h2>
{{else if eq .Heading 3}}<h3 class="{{.Align}}">{{template "runs" .Runs}}</h3>
{{else if gt .Heading 3}}<h4 class="{{.Align}}">{{template "runs" .Runs}}</h4>
{{else}}<p class="{{.Align}}{{if .Indent}} in{{.Indent}}{{end}}">{{template "runs" .Runs}}</p>
{{end}}{{end}}{{end}}
{{define "runs"}}{{range .}}{{with .Picture}}{{if .Source}}<img src="{{.Source}}" alt="{{.Alt}}">{{else}}<span class="missing">［图片：{{.Why}}］</span>{{end}}{{else}}{{if .Bold}}<b>{{end}}{{if .Italic}}<i>{{end}}{{if .Underline}}<u>{{end}}{{if .Strike}}<s>{{end}}{{.Text}}{{if .Strike}}</s>{{end}}{{if .Underline}}</u>{{end}}{{if .Italic}}</i>{{end}}{{if .Bold}}</b>{{end}}{{end}}{{end}}{{end}}
{{define "grid"}}<table>{{if .Sheet}}<tr><th></th>{{range .Heads}}<th scope="col">{{.}}</th>{{end}}</tr>{{end}}
{{$sheet := .Sheet}}{{range .Rows}}<tr>{{if $sheet}}<th scope="row">{{.Number}}</th>{{end}}{{range .Cells}}<td{{if gt .Cols 1}} colspan="{{.Cols}}"{{end}}{{if gt .Rows 1}} rowspan="{{.Rows}}"{{end}}>{{.Text}}{{template "blocks" .Blocks}}</td>{{end}}</tr>
{{end}}</table>
{{end}}`))
