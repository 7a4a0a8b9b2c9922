package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"
	"gocloud.dev/gcerrors"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
)

// inFolder returns a store in a folder, as installations without an object store
// have it.
func inFolder(t *testing.T) (*files.Store, string) {
	t.Helper()
	dir := t.TempDir()
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	return files.NewStore(bucket), dir
}

// inside lists the files below dir.
func inside(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func fresh(t *testing.T) files.Digest {
	t.Helper()
	d, err := files.ResumeDigest(nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestStore puts a file together of parts, one of them cut, with a digest that
// went through its stored state in between.
func TestStore(t *testing.T) {
	t.Parallel()
	s, _ := inFolder(t)
	whole := bytes.Repeat([]byte("整改佐证"), 1000)
	var parts []files.Part
	var state []byte
	for at := int64(0); at < int64(len(whole)); {
		d, err := files.ResumeDigest(state)
		if err != nil {
			t.Fatal(err)
		}
		r := io.Reader(bytes.NewReader(whole[at:min(at+2500, int64(len(whole)))]))
		if at == 2500 {
			r = io.MultiReader(bytes.NewReader(whole[at:at+7]), iotest.ErrReader(errors.New("reset")))
		}
		p, err := s.Append(t.Context(), "o/uploads/1", r, 5000, d)
		if (at == 2500) != errors.Is(err, files.ErrCut) {
			t.Fatalf("at %d: %v", at, err)
		}
		if state, err = d.State(); err != nil {
			t.Fatal(err)
		}
		parts, at = append(parts, p), at+p.Size
	}
	sum := sha256.Sum256(whole)
	if err := s.Assemble(t.Context(), parts, "o/evidence/1", sum[:]); err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(t.Context(), "o/evidence/1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(whole))
	}
	at := s.At(t.Context(), parts)
	if err := iotest.TestReader(io.NewSectionReader(at, 0, int64(len(whole))), whole); err != nil {
		t.Error(err)
	}
}

// TestNothingHalf fails in every way a store can and looks for what is left.
func TestNothingHalf(t *testing.T) {
	t.Parallel()
	s, dir := inFolder(t)
	if _, err := s.Append(t.Context(), "o/u", strings.NewReader("12345"), 4, fresh(t)); inspection.KindOf(err) != inspection.TooLarge {
		t.Errorf("too large: %v", err)
	}
	if p, err := s.Append(t.Context(), "o/u", strings.NewReader(""), 4, fresh(t)); p.Size != 0 || err != nil {
		t.Errorf("empty: %+v, %v", p, err)
	}
	if p, err := s.Append(t.Context(), "o/u", iotest.ErrReader(errors.New("reset")), 4, fresh(t)); p.Size != 0 || !errors.Is(err, files.ErrCut) {
		t.Errorf("cut before the first byte: %+v, %v", p, err)
	}
	if left := inside(t, dir); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
	p, err := s.Append(t.Context(), "o/u", strings.NewReader("1234"), 4, fresh(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Assemble(t.Context(), []files.Part{p}, "o/e", []byte("another digest")); err == nil {
		t.Error("a file was kept that is not what was received")
	}
	if err := s.Assemble(t.Context(), []files.Part{p, {Key: "o/missing", Size: 1}}, "o/e", nil); err == nil {
		t.Error("a file was kept without one of its parts")
	}
	if left := inside(t, dir); len(left) != 1 {
		t.Errorf("left behind: %v, want the part alone", left)
	}
	if err := s.Delete(t.Context(), p.Key, p.Key, "o/missing"); err != nil {
		t.Error(err)
	}
}

// TestGoneSender keeps what came when the request's context ended with its sender.
func TestGoneSender(t *testing.T) {
	t.Parallel()
	s, dir := inFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := io.MultiReader(strings.NewReader("1234"), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, context.Canceled
	}))
	p, err := s.Append(ctx, "o/u", r, 10, fresh(t))
	if p.Size != 4 || !errors.Is(err, files.ErrCut) || len(inside(t, dir)) != 1 {
		t.Errorf("kept %+v, %v, want the four bytes", p, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// TestFullDisk: where no room is left a person is told so, and what came before
// is kept (BI-121).
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{"disk": syscall.ENOSPC, "quota": syscall.EDQUOT} {
		s := files.NewStore(blob.NewBucket(fullDisk{err: &os.PathError{Op: "write", Path: "/data/o", Err: cause}}))
		p, err := s.Append(t.Context(), "o/u", strings.NewReader("1234"), 10, fresh(t))
		if inspection.KindOf(err) != inspection.Full || inspection.CodeOf(err) != "storage-full" || p.Key != "" {
			t.Errorf("%s: kept %+v, %v; want storage-full", name, p, err)
		}
		if e, ok := errors.AsType[*inspection.Error](err); ok && strings.Contains(e.Detail, "/data") {
			t.Errorf("%s: the sentence names the path: %s", name, e.Detail)
		}
	}
}

// fullDisk is a bucket into which nothing goes.
type fullDisk struct {
	driver.Bucket
	err error
}

func (d fullDisk) NewTypedWriter(context.Context, string, string, *driver.WriterOptions) (driver.Writer, error) {
	return d, nil
}
func (d fullDisk) Write([]byte) (int, error)          { return 0, d.err }
func (d fullDisk) Close() error                       { return d.err }
func (d fullDisk) ErrorCode(error) gcerrors.ErrorCode { return gcerrors.Unknown }

// TestCrowd lets more people send at once than may: the others wait, and are told
// after a while instead of being left (BI-122).
func TestCrowd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := files.NewStore(memblob.OpenBucket(nil))
		stalled, finished := make(chan struct{}), make(chan error)
		send := func(r io.Reader) {
			_, err := s.Append(t.Context(), "o/u", r, 10, fresh(t))
			finished <- err
		}
		slow := readerFunc(func([]byte) (int, error) { <-stalled; return 0, io.EOF })
		for range 16 {
			go send(slow)
		}
		synctest.Wait()
		go send(strings.NewReader("1234"))
		if err := <-finished; inspection.KindOf(err) != inspection.Busy {
			t.Errorf("one too many: %v, want busy", err)
		}
		close(stalled)
		for range 16 {
			if err := <-finished; err != nil {
				t.Error(err)
			}
		}
		go send(strings.NewReader("1234"))
		if err := <-finished; err != nil {
			t.Errorf("there is room again: %v", err)
		}
	})
}
