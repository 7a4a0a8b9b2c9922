package preview

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"xuncha/inspection"
)

// Limits of the program that draws a page of a PDF. It reads strangers' files.
const (
	MaxPDF = 50 << 20 // bytes of the file

	leafTakes   = 20 * time.Second
	leafMemory  = 1 << 20    // kibibytes of address space
	leafSide    = 1700       // pixels of the page's longer side
	leafBytes   = 16 << 20   // of the picture
	leafProgram = "pdftoppm" // of poppler-utils
)

const pdf = "application/pdf"

var (
	errLeaf    = inspection.Errorf(inspection.Invalid, "preview.broken", "这一页无法显示：文件已损坏、已加密，或没有这一页。请下载后查看。")
	errPDFSize = inspection.Errorf(inspection.Invalid, "preview.size", "PDF 超过 50 MB，不能在页面内预览，请下载后查看。")
	errProgram = inspection.Errorf(inspection.Invalid, "preview.program", "服务器未安装 PDF 预览组件（poppler-utils），请下载后查看，并请管理员安装。")
)

// Leaves reports whether files of this media type are shown page by page, each as a
// picture.
func Leaves(mediaType string) bool { return mediaType == pdf }

// program finds what draws pages, once.
var program = sync.OnceValues(func() (string, error) { return exec.LookPath(leafProgram) })

// LeafFits refuses a file of which no page can be shown, before it is read.
func LeafFits(mediaType string, size int64) error {
	switch {
	case !Leaves(mediaType):
		return errKind
	case size > MaxPDF:
		return errPDFSize
	}
	if _, err := program(); err != nil {
		return errProgram
	}
	return nil
}

// Leaf draws one page of a PDF, counted from 1, as a JPEG: a picture of it, in which
// nothing can run, whatever the file would do in a viewer. The program that draws it
// gets a time, a memory and nothing else; past them it is killed with all that it
// started. A page that cannot be drawn is refused with an error of kind Invalid that
// says what to do instead.
func Leaf(ctx context.Context, content io.Reader, page int) ([]byte, error) {
	found, err := program()
	if err != nil {
		return nil, errProgram
	}
	dir, err := os.MkdirTemp("", "xuncha-leaf-")
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "in.pdf")
	if err := write(file, content); err != nil {
		return nil, err
	}
	n := strconv.Itoa(page)
	return drawn(ctx, found, dir, "-q", "-f", n, "-l", n, "-singlefile", "-jpeg", "-scale-to", strconv.Itoa(leafSide), file)
}

func write(name string, content io.Reader) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	if _, err := io.Copy(f, io.LimitReader(content, MaxPDF)); err != nil {
		_ = f.Close()
		return fmt.Errorf("preview: %w", err)
	}
	return f.Close()
}

// drawn runs the program within its limits and returns what it writes.
func drawn(ctx context.Context, found, dir string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, leafTakes, errSlow)
	defer cancel()
	limits := fmt.Sprintf(`ulimit -v %d; ulimit -t %d; ulimit -c 0; exec "$0" "$@"`, leafMemory, int(leafTakes.Seconds()))
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", limits, found}, args...)...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var out capped
	cmd.Stdout = &out
	err := cmd.Run()
	switch {
	case context.Cause(ctx) != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, fmt.Errorf("%w (%w)", errLeaf, err)
	case out.kept.Len() == 0:
		return nil, errLeaf
	}
	return out.kept.Bytes(), nil
}

// capped keeps what a program writes, up to the size of a picture. The buffer is no
// embedded one: it would let itself be filled past Write.
type capped struct{ kept bytes.Buffer }

// Write refuses more than a picture.
func (c *capped) Write(b []byte) (int, error) {
	if c.kept.Len()+len(b) > leafBytes {
		return 0, errTooLarge
	}
	return c.kept.Write(b)
}
