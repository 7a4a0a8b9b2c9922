package ledger

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"xuncha/inspection"
)

// What a file may cost. A ledger of a county's largest unit has some hundred
// rows; the limits are far above that and keep reading within seconds and
// memory flat whatever the file holds.
const (
	maxFile    = 64 << 20  // bytes of the file
	maxParts   = 2_000     // entries of the archive
	maxStream  = 600 << 20 // bytes of all parts together, passed over but not kept
	maxTags    = 32 << 20  // XML tags of all parts together; 13 columns formatted to the last row are 17 to 29 million
	maxPart    = 16 << 20  // bytes of a part that is read whole
	maxKept    = 64 << 20  // bytes of text kept of all sheets together
	maxCells   = 2_000_000 // cells with content
	maxRows    = 100_000   // rows with content in a sheet
	maxColumns = 256       // columns with content
	maxMerges  = 1_000_000 // columns of all merged ranges of a sheet together
	maxSheets  = 200
)

// errTooLarge is what any reader below answers when the file asks for more than
// the limits give.
var errTooLarge = inspection.Errorf(inspection.Invalid, "archive-limits",
	"未能读取：文件解压后的内容过大。请只保留台账工作表，另存为新的 xlsx 文件后重新上传。")

func notXLSX(format string, args ...any) error {
	return inspection.Errorf(inspection.Invalid, "not-xlsx", format, args...)
}

// archive is an xlsx file as the zip archive that it is.
type archive struct {
	parts map[string]*zip.File // by lower-case name without leading slash
	// Of all parts together may still be unpacked and read:
	bytesLeft int64
	tagsLeft  int
}

// openArchive opens the archive, or names what the file is instead, and refuses
// what could act when the file is opened elsewhere.
func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	if size > maxFile {
		return nil, errTooLarge
	}
	head := make([]byte, min(size, 8<<10))
	if n, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	} else if head = head[:n]; !bytes.HasPrefix(head, []byte("PK")) {
		return nil, notZip(head, io.NewSectionReader(r, 0, size))
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, notXLSX("这个文件不完整：上传或复制时可能中断。请在 Excel 或 WPS 中打开确认后，另存为 xlsx 重新上传。")
	}
	if len(z.File) > maxParts {
		return nil, errTooLarge
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), bytesLeft: maxStream, tagsLeft: maxTags}
	for _, f := range z.File {
		name := partName(f.Name)
		if a.parts[name] != nil {
			return nil, notXLSX("这个文件已损坏：同一部件出现两次。请在 Excel 或 WPS 中另存为 xlsx 后重新上传。")
		}
		if f.Flags&1 != 0 {
			return nil, notXLSX("这个文件设有密码。请取消密码后重新上传。")
		}
		a.parts[name] = f
	}
	if err := a.mustBeWorkbook(head); err != nil {
		return nil, err
	}
	return a, a.mustBePassive()
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

// notZip names a file that is no archive at all.
func notZip(head []byte, all io.Reader) error {
	if len(head) == 0 {
		return notXLSX("这个文件是空的。请重新选择台账文件。")
	}
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return notOLE(all)
	}
	kind := mimetype.Detect(head)
	switch {
	case kind.Is("text/html") || kind.Is("text/xml") || kind.Is("application/xml"):
		return notXLSX("这个文件其实是网页（HTML 或 XML）。请在 Excel 或 WPS 中打开，另存为 xlsx 后上传。")
	case kind.Is("text/csv") || kind.Is("text/plain") || strings.HasPrefix(kind.String(), "text/"):
		return notXLSX("这个文件其实是文本（如 csv）。请在 Excel 或 WPS 中打开，另存为 xlsx 后上传。")
	case kind.Is("application/pdf"):
		return notXLSX("这个文件其实是 PDF。请上传 Excel 台账（xlsx）。")
	case strings.HasPrefix(kind.String(), "image/"):
		return notXLSX("这个文件其实是图片。请上传 Excel 台账（xlsx）。")
	case kind.Is("application/x-rar-compressed") || kind.Is("application/x-7z-compressed"):
		return notXLSX("这个文件其实是压缩包。请解压后上传其中的 xlsx 台账。")
	}
	return notXLSX("这个文件不是 xlsx 工作簿。请在 Excel 或 WPS 中打开，另存为 xlsx 后上传。")
}

// notOLE tells an encrypted workbook from an old one: both are OLE files, and
// only the encrypted one has a stream of that name.
func notOLE(all io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(all, maxFile))
	if err != nil {
		return err
	}
	wide := func(s string) []byte { return []byte(strings.Join(strings.Split(s, ""), "\x00") + "\x00") }
	switch {
	case bytes.Contains(b, wide("EncryptedPackage")):
		return notXLSX("这个文件设有打开密码。请在 Excel 或 WPS 中取消密码后重新上传。")
	case bytes.Contains(b, wide("WordDocument")):
		return notXLSX("这个文件其实是旧版 Word 文档（doc）。请上传 Excel 台账（xlsx）。")
	}
	return notXLSX("这个文件其实是旧版表格（xls 或 et）。请在 Excel 或 WPS 中打开，另存为 xlsx 后上传。")
}

// mustBeWorkbook names an archive that is something else.
func (a *archive) mustBeWorkbook(head []byte) error {
	has := func(name string) bool { return a.parts[name] != nil }
	switch {
	case has("xl/workbook.bin"):
		return notXLSX("这个文件是二进制工作簿（xlsb）。请另存为 xlsx 后上传。")
	case has("word/document.xml"):
		return notXLSX("这个文件其实是 Word 文档（docx）。请上传 Excel 台账（xlsx）。")
	case has("ppt/presentation.xml"):
		return notXLSX("这个文件其实是演示文稿（pptx）。请上传 Excel 台账（xlsx）。")
	case has("ofd.xml"):
		return notXLSX("这个文件其实是 OFD 版式文件。请上传 Excel 台账（xlsx）。")
	case mimetype.Detect(head).Is("application/vnd.oasis.opendocument.spreadsheet"):
		return notXLSX("这个文件其实是 ods 表格。请另存为 xlsx 后上传。")
	case !has("[content_types].xml"):
		return notXLSX("这个文件其实是压缩包。请解压后上传其中的 xlsx 台账。")
	}
	return nil
}

// active lists what makes a workbook act by itself, with the words for it.
var active = []struct{ prefix, what, remedy string }{
	{"xl/vbaproject", "宏", "另存为不带宏的 xlsx"},
	{"xl/macrosheets/", "宏表", "删除宏表并另存为 xlsx"},
	{"xl/activex/", "ActiveX 控件", "删除控件并另存为 xlsx"},
	{"xl/externallinks/", "指向其他文件的链接", "在“数据—编辑链接”中断开链接并另存为 xlsx"},
	{"xl/connections.xml", "外部数据连接", "在“数据—查询和连接”中删除连接并另存为 xlsx"},
	{"xl/querytables/", "外部数据查询", "在“数据—查询和连接”中删除查询并另存为 xlsx"},
}

func (a *archive) mustBePassive() error {
	for name := range a.parts {
		for _, p := range active {
			if strings.HasPrefix(name, p.prefix) {
				return activeContent(p.what, p.remedy)
			}
		}
	}
	types, err := a.whole("[content_types].xml")
	if err != nil {
		return err
	}
	if bytes.Contains(bytes.ToLower(types), []byte("macroenabled")) {
		return activeContent("宏", "另存为不带宏的 xlsx")
	}
	return nil
}

func activeContent(what, remedy string) error {
	return inspection.Errorf(inspection.Invalid, "active-content",
		"未能读取：文件含有%s，打开时可能自动执行或联网。请%s后重新上传。", what, remedy)
}

// whole reads a small part.
func (a *archive) whole(name string) ([]byte, error) {
	in, err := a.stream(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, maxPart+1))
	if len(b) > maxPart {
		return nil, errTooLarge
	}
	return b, broken(err)
}

// stream opens a part to be read from start to end.
func (a *archive) stream(name string) (io.ReadCloser, error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, notXLSX("这个文件已损坏：缺少部件。请在 Excel 或 WPS 中另存为 xlsx 后重新上传。")
	}
	in, err := f.Open()
	if err != nil {
		return nil, broken(err)
	}
	return &limited{in, &a.bytesLeft}, nil
}

// limited refuses to unpack more than the archive may still give. It counts
// what comes out: the size that an archive declares need not be true.
type limited struct {
	io.ReadCloser
	left *int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if *l.left -= int64(n); *l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// broken turns what zip and XML say about a damaged file into one sentence.
// Anything else, such as a failing disk, is passed on.
func broken(err error) error {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	for _, damage := range []error{errXML, zip.ErrFormat, zip.ErrChecksum, zip.ErrAlgorithm, io.ErrUnexpectedEOF} {
		corrupt = corrupt || errors.Is(err, damage)
	}
	if !corrupt {
		return err
	}
	return notXLSX("这个文件已损坏，读不完整。请在 Excel 或 WPS 中打开确认后，另存为 xlsx 重新上传。")
}
