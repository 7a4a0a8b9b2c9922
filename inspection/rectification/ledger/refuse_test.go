package ledger_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// fields returns the parts of the input that an error names.
func fields(err error) []inspection.Field {
	e, _ := errors.AsType[*inspection.Error](err)
	return e.Fields
}

// zipOf returns an archive of these names and contents.
func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRefused names what a file is when it is no ledger, and refuses what could
// act by itself. The same workbook without the fault is read.
func TestRefused(t *testing.T) {
	t.Parallel()
	good := newWorkbook(t, fullHeader, fullRow).bytes()
	if r := read(t, good, ledger.Options{}); len(r.Problems) != 1 {
		t.Fatalf("the workbook without fault gives %s", outline(r))
	}
	var locked bytes.Buffer
	w := newWorkbook(t, fullHeader, fullRow)
	w.must(w.Write(&locked, excelize.Options{Password: "secret"}))
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)

	tests := []struct {
		name string
		file []byte
		code string
		want string // in the sentence
	}{
		{"empty", nil, "not-xlsx", "空的"},
		{"truncated", good[:len(good)/2], "not-xlsx", "不完整"},
		{"only a signature", []byte("PK\x03\x04"), "not-xlsx", "不完整"},
		{"old xls", []byte(ole + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00"), "not-xlsx", "xls"},
		{"old doc", []byte(ole + "W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"), "not-xlsx", "doc"},
		{"with a password", locked.Bytes(), "not-xlsx", "密码"},
		{"html renamed", []byte("<html><body><table><tr><td>问题</td></tr></table></body></html>"), "not-xlsx", "网页"},
		{"csv renamed", []byte("序号,反馈问题\n1,甲\n2,乙\n"), "not-xlsx", "文本"},
		{"pdf renamed", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "not-xlsx", "PDF"},
		{"docx renamed", zipOf(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>"), "not-xlsx", "Word"},
		{"xlsb renamed", zipOf(t, "[Content_Types].xml", "<Types/>", "xl/workbook.bin", "x"), "not-xlsx", "xlsb"},
		{"zip renamed", zipOf(t, "台账/台账.xlsx", "x"), "not-xlsx", "压缩包"},
		{"no workbook", zipOf(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", "<Relationships/>"), "not-xlsx", "不是 Excel"},
		{"binary", bytes.Repeat([]byte{0, 1, 2, 3, 255}, 100), "not-xlsx", "不是 xlsx"},
		{"a part twice", zipOf(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<a/>", "XL/Workbook.xml", "<a/>"), "not-xlsx", "两次"},
		{"sheet cut off", edit(t, good, func(name string, b []byte) []byte {
			if strings.HasPrefix(name, "xl/worksheets/sheet") {
				return b[:len(b)-40]
			}
			return b
		}), "not-xlsx", "损坏"},
		{"sheet cut off after a row", edit(t, good, func(name string, b []byte) []byte {
			if strings.HasPrefix(name, "xl/worksheets/sheet") {
				return b[:bytes.LastIndex(b, []byte("</row>"))+len("</row>")]
			}
			return b
		}), "not-xlsx", "损坏"},
		{"sheet missing", edit(t, good, func(name string, b []byte) []byte {
			if strings.HasPrefix(name, "xl/worksheets/sheet") {
				return nil
			}
			return b
		}), "not-xlsx", "损坏"},
		{"document type", edit(t, good, func(name string, b []byte) []byte {
			if strings.HasPrefix(name, "xl/worksheets/sheet") {
				return append([]byte(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>`), b...)
			}
			return b
		}), "not-xlsx", "损坏"},
		{"a changed byte", flip(good), "not-xlsx", "损坏"},

		{"macros", edit(t, good, same, "xl/vbaProject.bin", "x"), "active-content", "宏"},
		{"macro sheet", edit(t, good, same, "xl/macrosheets/sheet1.xml", "<a/>"), "active-content", "宏表"},
		{"macro type", edit(t, good, func(name string, b []byte) []byte {
			return bytes.ReplaceAll(b, []byte("spreadsheetml.sheet.main"), []byte("sheet.macroEnabled.main"))
		}), "active-content", "宏"},
		{"external link", edit(t, good, same, "xl/externalLinks/externalLink1.xml", "<a/>"), "active-content", "链接"},
		{"data connection", edit(t, good, same, "xl/connections.xml", "<a/>"), "active-content", "连接"},
		{"ActiveX", edit(t, good, same, "xl/activeX/activeX1.xml", "<a/>"), "active-content", "ActiveX"},
		{"DDE", sheetXML(t, `<row r="2">`+inline("B2", "甲")+`<c r="C2"><f>cmd|'/c calc'!A1</f><v>0</v></c></row>`), "active-content", "DDE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ledger.Read(t.Context(), bytes.NewReader(tt.file), int64(len(tt.file)), ledger.Options{})
			if inspection.CodeOf(err) != tt.code || !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("err = %v, want %s: …%s…", err, tt.code, tt.want)
			}
		})
	}
}

// flip changes one byte in the middle of the sheet's compressed content.
func flip(file []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		panic(err)
	}
	changed := bytes.Clone(file)
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			at, err := f.DataOffset()
			if err != nil {
				panic(err)
			}
			changed[at+int64(f.CompressedSize64)/2] ^= 0x55
		}
	}
	return changed
}

// TestStopped ends when the caller has had enough, and passes on what the disk
// says instead of calling the file damaged.
func TestStopped(t *testing.T) {
	t.Parallel()
	file := newWorkbook(t, fullHeader, fullRow).bytes()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := ledger.Read(ctx, bytes.NewReader(file), int64(len(file)), ledger.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want %v", err, context.Canceled)
	}
	if _, err := ledger.Read(t.Context(), failing{}, 1000, ledger.Options{}); !errors.Is(err, errDisk) {
		t.Errorf("err = %v, want %v", err, errDisk)
	}
}

var errDisk = errors.New("the disk does not answer")

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errDisk }
