package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
)

// The evidence that is uploaded: five files as large as one may be, in chunks as
// large as one may be.
const (
	uploadFiles = 5
	uploadSize  = 200 << 20
	uploadChunk = 8 << 20
)

// uploading measures a gigabyte of evidence on its way in, and how much more the
// service holds meanwhile than before. Bare copies the same bytes from one request
// to one file and adds them to a SHA-256. Both digests must be those of what was
// sent.
func uploading(ctx context.Context, r *rig) ([]Row, error) {
	k, item, err := r.oneItem(ctx)
	if err != nil {
		return nil, err
	}
	s, err := r.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	if _, err := s.upload(ctx, k, item, uploadChunk, 0); err != nil { // warm
		return nil, err
	}
	before, err := s.fresh()
	if err != nil {
		return nil, err
	}
	var spent [2]time.Duration
	for n := range uint64(uploadFiles) {
		took, err := s.upload(ctx, k, item, uploadSize, n+1)
		if err != nil {
			return nil, fmt.Errorf("ours: %w", err)
		}
		spent[0] += took
	}
	most, err := s.memory("VmHWM")
	if err != nil {
		return nil, err
	}
	if spent[1], err = bareUpload(ctx); err != nil {
		return nil, fmt.Errorf("bare: %w", err)
	}
	const megabytes = uploadFiles * uploadSize >> 20
	ours, bare := megabytes/spent[0].Seconds(), megabytes/spent[1].Seconds()
	return []Row{
		{Name: "upload of 1 GB of evidence, looked at and put together", Unit: "MB/s", Ours: ours, Bare: bare, Ratio: ours / bare},
		{Name: "memory that serve holds more, uploading 1 GB", Unit: "MB", Ours: most - before, Want: "< 64"},
	}, nil
}

// oneItem writes one unit with one item and makes its key.
func (r *rig) oneItem(ctx context.Context) (k key, item string, err error) {
	unit, round, finding := uuid.New(), uuid.New(), uuid.New()
	k = key{Office: "b-100", ID: 1010000 + 10*offices}
	for _, sql := range []struct {
		text string
		args []any
	}{
		{`insert into units (tenant_id, id, name) values ($1, $2, '县某站')`, []any{k.ID, unit}},
		{`insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on) values ($1, $2, 10, 8, '十届县委第八轮巡察', '2026-05-06', '2026-07-03')`, []any{k.ID, round}},
		{`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
			values ($1, $2, 'B-08-01-001', $3, $4, 1, 1, '问题', now(), '2026-06-01')`, []any{k.ID, finding, round, unit}},
		{`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, issued_at)
			values ($1, $2, $3, 'working', current_date + 100, now())`, []any{k.ID, finding, unit}},
	} {
		if _, err := r.Bare.Exec(ctx, sql.text, sql.args...); err != nil {
			return k, "", fmt.Errorf("an item: %w", err)
		}
	}
	k.Token, err = r.Key(ctx, k.Office, unit.String())
	return k, finding.String(), err
}

// document gives the bytes of the nth file: a PDF by its head, and noise.
type document struct {
	noise *rand.ChaCha8
	left  int64
	head  []byte
}

func newDocument(n uint64, size int64) *document {
	seed := [32]byte{byte(n)}
	return &document{rand.NewChaCha8(seed), size, []byte("%PDF-1.7\n")}
}

// Read reads on.
func (d *document) Read(b []byte) (int, error) {
	if d.left == 0 {
		return 0, io.EOF
	}
	b = b[:min(int64(len(b)), d.left)]
	n, err := d.noise.Read(b)
	k := copy(b, d.head)
	d.head, d.left = d.head[k:], d.left-int64(n)
	return n, err
}

// upload sends one file as the workbench does, and checks what became of it.
func (s *service) upload(ctx context.Context, k key, item string, size int64, n uint64) (took time.Duration, err error) {
	began := time.Now()
	body, err := json.Marshal(map[string]any{"name": fmt.Sprintf("佐证%d.pdf", n), "size": size, "not_secret": true})
	if err != nil {
		return 0, err
	}
	b, err := call(ctx, k, http.MethodPost, s.url, "items/"+item+"/uploads", body, "Content-Type", "application/json")
	var begun struct{ ID string }
	if err == nil {
		err = json.Unmarshal(b, &begun)
	}
	if err != nil {
		return 0, err
	}
	file, sum, chunk := newDocument(n, size), sha256.New(), make([]byte, uploadChunk)
	for at := int64(0); at < size; {
		m, err := io.ReadFull(file, chunk[:min(uploadChunk, size-at)])
		if err != nil {
			return 0, err
		}
		sum.Write(chunk[:m])
		if _, err := call(ctx, k, http.MethodPut, s.url, fmt.Sprintf("uploads/%s?offset=%d", begun.ID, at), chunk[:m], "Content-Type", "application/octet-stream"); err != nil {
			return 0, err
		}
		at += int64(m)
	}
	if b, err = call(ctx, k, http.MethodPost, s.url, "uploads/"+begun.ID+"/complete", nil); err != nil {
		return 0, err
	}
	var made struct{ SHA256 string }
	if err := json.Unmarshal(b, &made); err != nil {
		return 0, err
	}
	if made.SHA256 != hex.EncodeToString(sum.Sum(nil)) {
		return 0, errors.New("the digest is not that of what was sent")
	}
	return time.Since(began), nil
}

// fresh has the kernel forget the most that the service ever held, and returns what
// it holds now.
func (s *service) fresh() (float64, error) {
	err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.cmd.Process.Pid), []byte("5"), 0o200)
	if err != nil {
		return 0, fmt.Errorf("memory is measured on Linux alone: %w", err)
	}
	return s.memory("VmRSS")
}

// bareUpload copies the same files through a handler that does nothing else.
func bareUpload(ctx context.Context) (took time.Duration, err error) {
	dir, err := os.MkdirTemp("", "xuncha-bench-bare-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Create(filepath.Join(dir, "file"))
		sum := sha256.New()
		if err == nil {
			_, err = io.Copy(io.MultiWriter(f, sum), r.Body)
			err = errors.Join(err, f.Close())
		}
		answer(w, hex.EncodeToString(sum.Sum(nil)), err)
	}))
	defer server.Close()
	for n := range uint64(uploadFiles) {
		began, sum := time.Now(), sha256.New()
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, server.URL, io.TeeReader(newDocument(n+1, uploadSize), sum))
		if err != nil {
			return 0, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return 0, err
		}
		if !bytes.Contains(b, []byte(hex.EncodeToString(sum.Sum(nil)))) {
			return 0, errors.New("the digest is not that of what was sent")
		}
		took += time.Since(began)
	}
	return took, nil
}
