package faults

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gocloud.dev/blob/fileblob"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// piece is where uploads are cut: every 64 KiB.
const piece = 64 << 10

// TestKillUploads kills the service with signal 9 while a file comes in, cut at
// every 64 KiB, and goes on with the next service where that says. Nothing of the
// file is seen before it is whole; then it is what was sent, once; and of all that
// was left behind, everything goes within a day, and nothing that is needed.
func TestKillUploads(t *testing.T) {
	h := tenantstest.New(t)
	s := newService(t, h)
	dir := t.TempDir()
	s.env = append(s.env, "XUNCHA_FILES_URL=file://"+dir+"?no_tmp_dir=true")
	office := h.County[0][0]
	unit := h.Unit(office, "县水务局党组")
	round := h.Round(office)
	key := machineKey(t, h, office, unit)
	kill := s.start(t)
	kills, sent := 0, map[string]string{} // finding to digest
	for n := range max(1, *cycles/10) {
		u := &sending{s: s, key: key, item: given(t, h, office, unit, round), file: whole(uint64(n), 12*piece)}
		u.begin(t)
		for u.received < len(u.file) {
			if rand.IntN(3) == 0 {
				gone := make(chan struct{})
				go func() { // in the middle of what is sent
					time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
					kill()
					close(gone)
				}()
				u.send(t, piece)
				<-gone
				kill = s.start(t)
				kills++
			} else {
				u.send(t, piece)
			}
			u.ask(t)
			if f := u.files(t); len(f) != 0 {
				t.Fatalf("%d files are seen after %d of %d bytes", len(f), u.received, len(u.file))
			}
		}
		gone := make(chan struct{})
		go func() { // while it is put together, perhaps
			time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
			kill()
			close(gone)
		}()
		_, _ = s.call(t.Context(), key, http.MethodPost, u.path()+"/complete", nil)
		<-gone
		kill = s.start(t)
		kills++
		for range 2 { // asked again, and once more
			if status, b := s.call(t.Context(), key, http.MethodPost, u.path()+"/complete", nil); status != http.StatusCreated {
				t.Fatalf("complete = %d %s", status, b)
			}
		}
		sum := sha256.Sum256(u.file)
		sent[u.item] = hex.EncodeToString(sum[:])
		if f := u.files(t); len(f) != 1 || f[0] != sent[u.item] {
			t.Fatalf("seen: %v, want %s alone", f, sent[u.item])
		}
	}
	half := &sending{s: s, key: key, item: given(t, h, office, unit, round), file: whole(999, 4*piece)}
	half.begin(t)
	half.send(t, piece)
	kill()
	h.Root(`update uploads set at = now() - interval '25 hours' where state = 'open'`)
	removed, left := cleaned(t, h, office, dir)
	want := tenantstest.RootValue[int](h, `select count(*) from evidence`)
	if left != want || want != len(sent) {
		t.Errorf("%d files are left, %d are evidence, %d were sent", left, want, len(sent))
	}
	t.Logf("%d files, %d kills, %d orphans removed, %d files kept", len(sent), kills, removed, left)
}

// cleaned makes all files almost a day old, has the cleaner look, and counts what it
// removed and what is left. What is left must be whole.
func cleaned(t *testing.T, h *tenantstest.House, office tenants.Tenant, dir string) (removed, left int) {
	t.Helper()
	each := func(do func(path string) error) {
		t.Helper()
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			return do(path)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-23 * time.Hour) // with an hour until the next look: a day
	each(func(path string) error { return os.Chtimes(path, old, old) })
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{NoTempDir: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bucket.Close() }()
	cases := &rectification.Service{DB: h.Jobs, Clock: inspection.SystemClock, Files: files.NewStore(bucket)}
	if removed, err = cases.CleanFiles(t.Context(), tenants.ForJob(office, "test"), rectification.OrphanAge); err != nil {
		t.Fatal(err)
	}
	sums := []string{}
	each(func(path string) error {
		if filepath.Ext(path) == ".attrs" {
			return nil // what fileblob notes beside a file
		}
		b, err := os.ReadFile(path)
		sum := sha256.Sum256(b)
		sums = append(sums, hex.EncodeToString(sum[:]))
		return err
	})
	for _, sum := range sums {
		if n := tenantstest.RootValue[int](h, `select count(*) from evidence where encode(sha256, 'hex') = $1`, sum); n == 0 {
			t.Errorf("a file is left that nobody needs: %s", sum)
		}
	}
	return removed, len(sums)
}

// sending is one file on its way.
type sending struct {
	s         *service
	key, item string
	id        string
	file      []byte
	received  int
}

// whole is a document of so many bytes, another for each n.
func whole(n uint64, size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(b)
	copy(b, "%PDF-1.7\n")
	return b
}

func (u *sending) path() string {
	office, _, _ := bytes.Cut([]byte(u.item), []byte("/"))
	return string(office) + "/uploads/" + u.id
}

func (u *sending) begin(t *testing.T) {
	t.Helper()
	status, b := u.s.call(t.Context(), u.key, http.MethodPost, u.item+"/uploads", map[string]any{"name": "佐证.pdf", "size": len(u.file), "not_secret": true})
	var begun struct{ ID string }
	if status != http.StatusCreated || json.Unmarshal(b, &begun) != nil {
		t.Fatalf("begin = %d %s", status, b)
	}
	u.id = begun.ID
}

// send sends all that is left, and is cut after n bytes.
func (u *sending) send(t *testing.T, n int) {
	t.Helper()
	rest := u.file[u.received:]
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, w := io.Pipe()
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, fmt.Sprintf("%s/v1/offices/%s?offset=%d", u.s.url, u.path(), u.received), r)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = int64(len(rest))
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Authorization", "Bearer "+u.key)
	go func() {
		if _, err := w.Write(rest[:min(n, len(rest))]); err == nil && n < len(rest) {
			_ = w.CloseWithError(io.ErrUnexpectedEOF)
			return
		}
		_ = w.Close()
	}()
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	_ = r.Close()
}

// ask asks how far the upload is; a cut chunk counts once its sender is seen to be gone.
func (u *sending) ask(t *testing.T) {
	t.Helper()
	for before, tries := u.received, 0; ; tries++ {
		status, b := u.s.call(t.Context(), u.key, http.MethodGet, u.path(), nil)
		var now struct{ Received int }
		if status != http.StatusOK || json.Unmarshal(b, &now) != nil {
			t.Fatalf("how far = %d %s", status, b)
		}
		if u.received = now.Received; u.received > before || tries == 20 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// files are the digests of what is seen as evidence of the item.
func (u *sending) files(t *testing.T) (sums []string) {
	t.Helper()
	status, b := u.s.call(t.Context(), u.key, http.MethodGet, u.item, nil)
	var page struct{ Files []struct{ SHA256 string } }
	if status != http.StatusOK || json.Unmarshal(b, &page) != nil {
		t.Fatalf("item = %d %s", status, b)
	}
	for _, f := range page.Files {
		sums = append(sums, f.SHA256)
	}
	slices.Sort(sums)
	return sums
}
