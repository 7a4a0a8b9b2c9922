package documents_test

import (
	"archive/zip"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"gocloud.dev/blob/fileblob"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// bytesOf is a document of any size that is never held whole: a head, and then what is
// drawn for it.
func bytesOf(n uint64, size int64) io.Reader {
	head := []byte("%PDF-1.7\n")
	return io.LimitReader(io.MultiReader(&once{head}, rand.NewChaCha8([32]byte{byte(n)})), size)
}

type once struct{ left []byte }

func (o *once) Read(b []byte) (int, error) {
	if len(o.left) == 0 {
		return 0, io.EOF
	}
	n := copy(b, o.left)
	o.left = o.left[n:]
	return n, nil
}

// TestTwoGigabytes sends files of the largest size, one after the other, until an item
// has two gigabytes, and takes them out as one zip: neither holds more than a buffer of
// it. A byte more is refused where a file is announced, a chunk where it is sent, a file
// where all are taken out together. By default files are small; at full size it takes
// four gigabytes of disk for a while.
func TestTwoGigabytes(t *testing.T) {
	size, held := int64(1<<20), uint64(64<<20)
	if tenantstest.Full() {
		size = files.MaxSize
	}
	h := newHouse(t)
	dir := t.TempDir()
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	cases := h.documents.Cases
	cases.Files = files.NewStore(bucket)
	id := h.put(h.water, 1, "水费收缴不规范。", 0, true, "修订办法。")
	liaison := h.As(h.office, tenants.UNIT, h.water)
	begin := func(size int64) (rectification.Upload, error) {
		return cases.BeginUpload(t.Context(), liaison, id, rectification.Uploading{Name: "附件.pdf", Size: size, NotSecret: true})
	}
	for _, over := range []int64{files.MaxSize + 1, 2 << 30} {
		_, err = begin(over)
		tenantstest.Wants(t, err, inspection.TooLarge, "too-large")
	}
	peak := watch(t)
	add := func(n uint64) {
		p := tenantstest.Must(begin(size))(t)
		content := bytesOf(n, size)
		if n == 0 { // who sends everything at once is stopped at a chunk
			_, err := cases.Receive(t.Context(), liaison, p.ID, 0, bytesOf(n, max(size, files.MaxChunk+1)))
			tenantstest.Wants(t, err, inspection.TooLarge, "too-large")
		}
		for at := int64(0); at < size; at += files.MaxChunk {
			tenantstest.Must(cases.Receive(t.Context(), liaison, p.ID, at, io.LimitReader(content, files.MaxChunk)))(t)
		}
		tenantstest.Must(cases.Complete(t.Context(), liaison, p.ID))(t)
	}
	for n := range uint64(10) {
		add(n)
	}
	a := tenantstest.Must(h.documents.Archive(t.Context(), h.off, id, ""))(t)
	whole, err := os.CreateTemp(dir, "*.zip")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = whole.Close() })
	if err := a.Write(t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	length, err := whole.Seek(0, io.SeekCurrent)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(whole, length)
	if err != nil || len(z.File) != 12 || length < 10*size {
		t.Fatalf("a zip of %d bytes: %v", length, err)
	}
	last, err := z.File[9].Open()
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, last) // which checks its sum
	if err != nil || n != size {
		t.Errorf("the last file has %d bytes, %v", n, err)
	}
	if most := peak(); most > held {
		t.Errorf("%d MB were held, want a buffer of what passes", most>>20)
	}
	t.Logf("10 files of %d MB and a zip of %d MB: %d MB held at most", size>>20, length>>20, peak()>>20)
	if tenantstest.Full() {
		add(10)
		_, err := h.documents.Archive(t.Context(), h.off, id, "")
		tenantstest.Wants(t, err, inspection.Invalid, "evidence.archive-large")
	}
}

// watch looks how much memory is in use, from here on and over what is in use here, and
// returns a function that says the most.
func watch(t *testing.T) func() uint64 {
	t.Helper()
	inUse := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before, most := inUse(), uint64(0)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			most = max(most, inUse())
			time.Sleep(10 * time.Millisecond)
		}
	}()
	t.Cleanup(stop)
	return func() uint64 {
		stop()
		<-done
		return most - min(most, before)
	}
}
