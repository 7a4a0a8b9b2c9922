package preview_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/inspection/rectification/preview"
)

// keep is a folder in which the pages are left, for somebody to look at.
var keep = flag.String("keep", "", "folder for the pages")

const (
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

	relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	wordXML   = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="a" xmlns:wp="wp" xmlns:mc="mc" xmlns:wps="wps"><w:body>`
	wordEnd   = `</w:body></w:document>`
)

func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func page(t testing.TB, content []byte, kind, name string) string {
	t.Helper()
	b, err := preview.Page(t.Context(), content, kind, name)
	if err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, filepath.Base(t.Name())+".html"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return string(b)
}

// wants fails the test unless all of these stand in the page, in this order.
func wants(t *testing.T, page string, texts ...string) {
	t.Helper()
	body := page[strings.Index(page, "<body>"):]
	for _, text := range texts {
		i := strings.Index(body, text)
		if i < 0 {
			t.Fatalf("no %q, or not behind the others, in\n%s", text, page[strings.Index(page, "<body>"):])
		}
		body = body[i+len(text):]
	}
}

func para(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

// report is a document as an office writes it.
func report(t testing.TB) []byte {
	item := func(level int, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, text)
	}
	cell := func(properties, text string) string {
		return "<w:tc><w:tcPr>" + properties + "</w:tcPr>" + para(text) + "</w:tc>"
	}
	body := `<w:p><w:pPr><w:pStyle w:val="a3"/><w:jc w:val="center"/></w:pPr><w:r><w:t>关于河道采砂整改情况的报告</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>整改措施</w:t></w:r></w:p>` +
		item(0, "完善制度") + item(1, "修订巡查办法") + item(1, "公示结果") + item(0, "强化监督") +
		`<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>已完成</w:t></w:r><w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>：12&lt;13 &amp; 第3项</w:t></w:r><w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del><w:ins><w:r><w:t>加上的话</w:t></w:r></w:ins></w:p>` +
		`<w:tbl><w:tr>` + cell(`<w:gridSpan w:val="2"/>`, "项目") + cell("", "金额") + `</w:tr><w:tr>` +
		cell(`<w:vMerge w:val="restart"/>`, "巡查") + cell("", "一季度") + cell("", "3.5万元") + `</w:tr><w:tr>` +
		cell(`<w:vMerge/>`, "") + cell("", "二季度") + cell("", "4.1万元") + `</w:tr></w:tbl>` +
		`<w:p><w:r><w:drawing><wp:inline><wp:docPr descr="整改现场"/><a:blip r:embed="rId1"/></wp:inline></w:drawing></w:r></w:p>` +
		`<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="rId2"/></wp:inline></w:drawing></w:r></w:p>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>` + para("文本框里的话") +
		`</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + para("文本框里的话") + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`
	return zipped(t, map[string]string{
		"[Content_Types].xml": "<Types/>", "word/document.xml": wordXML + body + wordEnd,
		"word/styles.xml": `<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>`,
		"word/numbering.xml": `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>` +
			`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>`,
		"word/_rels/document.xml.rels": relations + `<Relationship Id="rId1" Target="media/image1.jpeg"/><Relationship Id="rId2" Target="media/image2.emf"/></Relationships>`,
		"word/media/image1.jpeg":       string(sample.JPEG(sample.Scene("现场", 320, 200), 80, "2026:08:01 10:00:00")),
		"word/media/image2.emf":        "\x01\x00\x00\x00 EMF",
	})
}

// TestWord shows what a report says: headings, the numbers of its lists, merged
// cells, pictures, text boxes; and not what was deleted.
func TestWord(t *testing.T) {
	t.Parallel()
	got := page(t, report(t), docx, "报告.docx")
	wants(t, got, `<h1 class="center">关于河道采砂整改情况的报告</h1>`, `<h1 class="">整改措施</h1>`, "一、 完善制度", "1. 修订巡查办法",
		"2. 公示结果", "二、 强化监督", "<b>已完成</b>：12&lt;13 &amp; 第3项加上的话", `<td colspan="2">`, "项目", `<td rowspan="2">`, "巡查", "一季度",
		"3.5万元", "二季度", `<img src="data:image/jpeg;base64,`, `alt="整改现场"`, "［图片：此格式不能在页面内显示］", "文本框里的话")
	if strings.Contains(got, "删去的话") {
		t.Error("deleted text is shown")
	}
	if n := strings.Count(got, "文本框里的话"); n != 1 {
		t.Errorf("the text box stands there %d times", n)
	}
	if strings.Contains(got, "2026:08:01") {
		t.Error("the picture says what the camera wrote into it")
	}
}

// TestSheets shows the values of cells as they are shown, merged cells as one, and
// hidden sheets as hidden.
func TestSheets(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	set := func(sheet, at string, v any) {
		if err := f.SetCellValue(sheet, at, v); err != nil {
			t.Fatal(err)
		}
	}
	for at, v := range map[string]any{"A1": "水费收缴台账", "A2": "单位", "B2": "金额（元）", "A3": "<b>东河村</b>", "B3": 1234567.5, "A4": "=A1的说明"} {
		set("Sheet1", at, v)
	}
	money, err := f.NewStyle(&excelize.Style{NumFmt: 4})
	for _, err := range []error{
		err, f.MergeCell("Sheet1", "A1", "B1"), f.SetCellStyle("Sheet1", "B3", "B3", money), f.SetCellFormula("Sheet1", "B4", "SUM(B3)"),
		f.SetSheetName("Sheet1", "一季度"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("底稿"); err != nil {
		t.Fatal(err)
	}
	set("底稿", "C5", "藏着的数")
	if err := f.SetSheetVisible("底稿", false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	got := page(t, b.Bytes(), xlsx, "台账.xlsx")
	wants(t, got, `<nav aria-label="页面列表"><a href="#p0">一季度</a><a href="#p1">底稿（隐藏）</a></nav>`, `<th scope="col">B</th>`,
		`<td colspan="2">水费收缴台账`, "金额（元）", "&lt;b&gt;东河村&lt;/b&gt;", "1,234,567.50", "=A1的说明", "底稿（隐藏）", `<th scope="row">5</th>`, "藏着的数")
}

// TestSlides shows the slides in their order, not in that of their names.
func TestSlides(t *testing.T) {
	t.Parallel()
	slide := func(body string) string {
		return `<p:sld xmlns:p="p" xmlns:a="a" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:cSld><p:spTree>` + body + `</p:spTree></p:cSld></p:sld>`
	}
	text := func(s string) string { return `<a:p><a:r><a:t>` + s + `</a:t></a:r></a:p>` }
	got := page(t, zipped(t, map[string]string{
		"[Content_Types].xml":             "<Types/>",
		"ppt/presentation.xml":            `<p:presentation xmlns:p="p" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:sldIdLst><p:sldId id="256" r:id="rId9"/><p:sldId id="257" r:id="rId2"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels": relations + `<Relationship Id="rId2" Target="slides/slide1.xml"/><Relationship Id="rId9" Target="/ppt/slides/slide2.xml"/></Relationships>`,
		"ppt/slides/slide2.xml":           slide(`<p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody>` + text("整改工作汇报") + `</p:txBody></p:sp><p:grpSp><p:sp><p:txBody>` + text("在组里的话") + `</p:txBody></p:sp></p:grpSp>`),
		"ppt/slides/slide1.xml": slide(`<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody>` + text("措施") + `</a:txBody></a:tc><a:tc><a:txBody>` + text("完成") + `</a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>` +
			`<p:pic><p:nvPicPr><p:cNvPr descr="河道"/></p:nvPicPr><p:blipFill><a:blip r:embed="rId1"/></p:blipFill></p:pic>`),
		"ppt/slides/_rels/slide1.xml.rels": relations + `<Relationship Id="rId1" Target="../media/image1.png"/></Relationships>`,
		"ppt/media/image1.png":             string(sample.PNG(sample.Scene("河道", 64, 48))),
	}), pptx, "汇报.pptx")
	wants(t, got, "第 1 页</a>", "第 1 页</h2>", `<h3 class="">整改工作汇报</h3>`, "在组里的话", "第 2 页</h2>", "<td>", "措施", "完成", `alt="河道"`)
}

// TestHostile tries documents that want more than to be looked at.
func TestHostile(t *testing.T) {
	t.Parallel()
	word := func(body string) []byte {
		return zipped(t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": body})
	}
	huge := "GIF89a\xff\xff\xff\xff\x00\x00\x00" // says it has 65,535 × 65,535 pixels
	for name, tt := range map[string]struct {
		content []byte
		code    string // of the refusal; or empty, then the page has
		has     string
	}{
		"script in text":   {word(wordXML + para("&lt;script&gt;alert(1)&lt;/script&gt;") + wordEnd), "", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		"an entity bomb":   {word(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + wordXML + para("&b;") + wordEnd), "preview.broken", ""},
		"a file from here": {word(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + wordXML + para("&a;") + wordEnd), "preview.broken", ""},
		"a bomb":           {word(wordXML + strings.Repeat(" ", 17<<20) + wordEnd), "preview.broken", ""},
		"nested elements":  {word(wordXML + strings.Repeat("<w:sdt>", 100_000)), "preview.broken", ""},
		"nested tables":    {word(wordXML + strings.Repeat("<w:tbl><w:tr><w:tc>", 40) + para("深") + strings.Repeat("</w:tc></w:tr></w:tbl>", 40) + wordEnd), "", "<table>"},
		"many paragraphs":  {word(wordXML + strings.Repeat(para("段"), 6000) + wordEnd), "", "超出预览范围"},
		"cut":              {word(wordXML + para("一")), "preview.broken", ""},
		"no document":      {zipped(t, map[string]string{"x": ""}), "", "此处没有文字内容"},
		"no zip":           {[]byte("PK\x03\x04"), "preview.broken", ""},
		"too large":        {make([]byte, preview.MaxSize+1), "preview.size", ""},
		"a picture outside": {zipped(t, map[string]string{
			"word/document.xml":            wordXML + `<w:p><w:r><w:drawing><a:blip r:embed="rId1"/><a:blip r:embed="rId2"/><a:blip r:embed="rId3"/></w:drawing></w:r></w:p>` + wordEnd,
			"word/_rels/document.xml.rels": relations + `<Relationship Id="rId1" TargetMode="External" Target="https://example.invalid/x.png"/><Relationship Id="rId2" Target="../../../../etc/passwd"/><Relationship Id="rId3" Target="media/huge.gif"/></Relationships>`,
			"word/media/huge.gif":          huge,
		}), "", "［图片：像素过多］"},
	} {
		b, err := preview.Page(t.Context(), tt.content, docx, name)
		if inspection.CodeOf(err) != tt.code || err != nil && inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
			continue
		}
		got := string(b)
		if tt.code == "" && !strings.Contains(got, tt.has) {
			t.Errorf("%s: no %q in the page", name, tt.has)
		}
		for _, bad := range []string{"<script", "example.invalid", "root:", " src=\"http"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s: the page has %s", name, bad)
			}
		}
	}
	if _, err := preview.Page(t.Context(), []byte("PK"), "application/ofd", "a.ofd"); inspection.CodeOf(err) != "preview.kind" || !strings.Contains(err.Error(), "OFD") {
		t.Errorf("an OFD: %v, want it said", err)
	}
}

func FuzzPage(f *testing.F) {
	f.Add(report(f), 0)
	f.Fuzz(func(t *testing.T, content []byte, kind int) {
		_, err := preview.Page(t.Context(), content, []string{docx, xlsx, pptx}[(kind%3+3)%3], "a")
		if err != nil && inspection.KindOf(err) == inspection.Internal {
			t.Errorf("%v has no kind", err)
		}
	})
}
