package files

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"io"
	"sort"
	"strings"
	"syscall"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"xuncha/inspection"
)

// MaxChunk is how many bytes one part of an upload may have.
const MaxChunk = 8 << 20

// parallel is how many files are written or put together at once; waiting is how
// long the others wait.
const (
	parallel = 16
	waiting  = 10 * time.Second
)

// ErrCut says that the sender stopped before the end; what came is kept.
var ErrCut = errors.New("the upload was cut short")

// Store keeps files in a bucket: a folder, or a service that speaks S3.
type Store struct {
	bucket *blob.Bucket
	slots  chan struct{}
}

// NewStore returns a store over bucket.
func NewStore(bucket *blob.Bucket) *Store {
	return &Store{bucket: bucket, slots: make(chan struct{}, parallel)}
}

// Part is one piece of an upload.
type Part struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
}

// Digest is a SHA-256 that goes on where an earlier request left it.
type Digest struct{ hash.Hash }

// ResumeDigest returns the digest that was in this state; an empty state is the
// beginning.
func ResumeDigest(state []byte) (Digest, error) {
	d := Digest{sha256.New()}
	if len(state) == 0 {
		return d, nil
	}
	return d, d.Hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
}

// State returns the state to resume from.
func (d Digest) State() ([]byte, error) {
	return d.Hash.(encoding.BinaryMarshaler).MarshalBinary()
}

// Append stores what r gives as the next part below dir and adds it to the
// digest. When the sender stops early the part is what came until then, and the
// error is [ErrCut].
func (s *Store) Append(ctx context.Context, dir string, r io.Reader, limit int64, d Digest) (Part, error) {
	done, err := s.slot(ctx)
	if err != nil {
		return Part{}, err
	}
	defer done()
	// The request's context ends when its sender goes away; what came is kept all the same.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	p := Part{Key: dir + "/" + strings.ToLower(rand.Text())}
	w, err := s.bucket.NewWriter(ctx, p.Key, nil)
	if err != nil {
		return Part{}, stored(err)
	}
	in := &source{r: io.LimitReader(r, limit+1)}
	p.Size, err = io.Copy(io.MultiWriter(w, d), in)
	if p.Size > limit {
		in.err, err = nil, inspection.Errorf(inspection.TooLarge, "too-large", "文件内容超过声明的大小，或一次提交超过 8 MB。")
	}
	if err != nil && in.err == nil || p.Size == 0 {
		cancel() // before Close, so that nothing is kept
		_ = w.Close()
		return Part{}, errors.Join(stored(err), in.cut())
	}
	if err := w.Close(); err != nil {
		return Part{}, stored(err)
	}
	return p, in.cut()
}

// source tells a reader's failure from the writer's.
type source struct {
	r   io.Reader
	err error
}

// Read remembers why reading stopped.
func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func (s *source) cut() error {
	if s.err == nil {
		return nil
	}
	return ErrCut
}

// Assemble makes one file of the parts and checks that it is what was received.
func (s *Store) Assemble(ctx context.Context, parts []Part, key string, sum []byte) error {
	done, err := s.slot(ctx)
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := s.bucket.NewWriter(ctx, key, nil)
	if err != nil {
		return stored(err)
	}
	d := sha256.New()
	for _, p := range parts {
		if err = s.copy(ctx, io.MultiWriter(w, d), p); err != nil {
			break
		}
	}
	if err == nil && string(d.Sum(nil)) != string(sum) {
		err = fmt.Errorf("the parts of %s are not what was received", key)
	}
	if err != nil {
		cancel() // before Close, so that nothing is kept
		_ = w.Close()
		return stored(err)
	}
	return stored(w.Close())
}

func (s *Store) copy(ctx context.Context, w io.Writer, p Part) error {
	r, err := s.bucket.NewReader(ctx, p.Key, nil)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	_, err = io.Copy(w, r)
	return err
}

// Open opens a file for reading. It can seek.
func (s *Store) Open(ctx context.Context, key string) (*blob.Reader, error) {
	r, err := s.bucket.NewReader(ctx, key, nil)
	return r, stored(err)
}

// Delete removes files; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	var errs []error
	for _, key := range keys {
		if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			errs = append(errs, stored(err))
		}
	}
	return errors.Join(errs...)
}

// Old lists the files below dir that were last written before age ago. Their times
// are the machine's and not our clock's.
func (s *Store) Old(ctx context.Context, dir string, age time.Duration) ([]string, error) {
	var keys []string
	list := s.bucket.List(&blob.ListOptions{Prefix: dir + "/"})
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return keys, nil
		}
		if err != nil {
			return nil, stored(err)
		}
		if !o.IsDir && time.Since(o.ModTime) >= age {
			keys = append(keys, o.Key)
		}
	}
}

// At lets the parts of an upload be read like the one file they will be.
func (s *Store) At(ctx context.Context, parts []Part) io.ReaderAt {
	a := &assembly{ctx: ctx, s: s, parts: parts, ends: make([]int64, len(parts))}
	var end int64
	for i, p := range parts {
		end += p.Size
		a.ends[i] = end
	}
	return a
}

type assembly struct {
	ctx   context.Context // of the one look for which the assembly is made
	s     *Store
	parts []Part
	ends  []int64
}

// ReadAt reads across parts.
func (a *assembly) ReadAt(b []byte, off int64) (n int, err error) {
	for n < len(b) {
		i := sort.Search(len(a.ends), func(i int) bool { return a.ends[i] > off })
		if i == len(a.ends) {
			return n, io.EOF
		}
		want := min(int64(len(b)-n), a.ends[i]-off)
		r, err := a.s.bucket.NewRangeReader(a.ctx, a.parts[i].Key, a.parts[i].Size-(a.ends[i]-off), want, nil)
		if err != nil {
			return n, stored(err)
		}
		m, err := io.ReadFull(r, b[n:n+int(want)])
		_ = r.Close()
		n, off = n+m, off+int64(m)
		if err != nil {
			return n, stored(err)
		}
	}
	return n, nil
}

// slot waits for one of the places in which files are written.
func (s *Store) slot(ctx context.Context) (done func(), err error) {
	late := time.NewTimer(waiting)
	defer late.Stop()
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots }, nil
	case <-late.C:
		return nil, inspection.Errorf(inspection.Busy, "busy", "此刻上传的人较多，请稍后继续，已上传的部分仍保留。")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stored tells the reasons of the bucket on which a person can act.
func stored(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w (%w)", inspection.Errorf(inspection.Full, "storage-full",
			"文件存储空间不足，暂时无法上传。请联系管理员，已上传的部分仍保留。"), err)
	case inspection.KindOf(err) != inspection.Internal:
		return err
	}
	return fmt.Errorf("file store: %w", err)
}
