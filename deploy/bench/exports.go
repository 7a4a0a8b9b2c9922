package bench

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// The export that is measured: half as many problems, with two measures each.
const (
	exportRows = 5000
	exports    = 3
)

var exportCounty = county{1011020, "980997", "b-export"}

// exporting measures how long a ledger takes to leave as a workbook in the form for
// reporting upward (上报格式), and what more memory the service held meanwhile. Bare
// writes the same cells, which it has already, with the same library.
func exporting(ctx context.Context, r *rig) ([]Row, error) {
	if err := r.fillLedger(ctx, exportCounty, exportRows/2, 2); err != nil {
		return nil, err
	}
	k := key{Office: exportCounty.slug, ID: exportCounty.id}
	var err error
	if k.Token, err = r.Key(ctx, k.Office, ""); err != nil {
		return nil, err
	}
	s, err := r.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	if _, err := listOpen.ask(ctx, http.DefaultClient, &load{s.url, []key{k}}, 0); err != nil {
		return nil, err
	}
	var file []byte
	ours, err := strained(s.cmd.Process.Pid, func() (err error) {
		file, err = call(ctx, k, http.MethodPost, s.url, "items/export?form=report", nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ours: %w", err)
	}
	cells, err := cellsOf(file)
	if err != nil {
		return nil, err
	}
	if n := len(cells) - 3; n != exportRows { // below title, mark and header
		return nil, fmt.Errorf("%d rows were exported, want %d", n, exportRows)
	}
	file = nil
	debug.FreeOSMemory()
	bare, err := strained(os.Getpid(), func() error { return writeCells(cells) })
	if err != nil {
		return nil, fmt.Errorf("bare: %w", err)
	}
	name := fmt.Sprintf("export of %d rows as reported", exportRows)
	return []Row{
		{Name: name, Unit: "s", Ours: ours.took.Seconds(), Bare: bare.took.Seconds(), Ratio: bare.took.Seconds() / ours.took.Seconds(), Want: "< 10"},
		{Name: name + ", more memory", Unit: "MB", Ours: ours.more, Bare: bare.more, Ratio: bare.more / max(ours.more, 1), Want: "< 150"},
		{Name: "memory of serve at its most, exporting", Unit: "MB", Ours: ours.most, Want: "< 150"},
	}, nil
}

// strain is what some work took of a process: time of one go, and memory of all.
type strain struct {
	took       time.Duration
	more, most float64 // MB
}

// strained does the work a few times and looks at the process meanwhile.
func strained(pid int, do func() error) (s strain, err error) {
	before, err := memory(pid, "VmRSS")
	if err != nil {
		return s, err
	}
	// From now on the kernel's high-water mark counts anew (proc(5), clear_refs).
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		return s, err
	}
	began := time.Now()
	for range exports {
		if err := do(); err != nil {
			return s, err
		}
	}
	s.took = time.Since(began) / exports
	s.most, err = memory(pid, "VmHWM")
	s.more = s.most - before
	return s, err
}

func cellsOf(file []byte) ([][]string, error) {
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return f.GetRows(f.GetSheetName(0))
}

// writeCells writes a workbook of these cells as the library's documentation shows.
func writeCells(cells [][]string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i, row := range cells {
		values := make([]any, len(row))
		for k, v := range row {
			values[k] = v
		}
		if err := w.SetRow("A"+strconv.Itoa(i+1), values); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var b bytes.Buffer
	return f.Write(&b)
}
