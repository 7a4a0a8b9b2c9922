// Package bench measures what the guards cost: our full path (a machine's key,
// policy, row security, journal on writes) beside a bare net/http and pgx handler
// over the same tables, in the same process and the same run, in turns. Bare
// knows the office's number, logs in past row security and keeps a line of
// history instead of the journal; its pgx is used as its documentation shows.
//
// Ledgers are imported by the real binary in a process of its own, whose memory
// can be told from ours. Bare, for an import, reads the cells and copies them into
// one table.
//
// Absolute figures belong to the machine of the moment. The ratio is what counts,
// and only after both sides were seen to give the same answer.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Row is one figure. Bare and Ratio are zero where there is nothing to compare
// with.
type Row struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Ours  float64 `json:"ours"`
	Bare  float64 `json:"bare"`
	Ratio float64 `json:"ratio"`
	Want  string  `json:"want"` // the bar
}

// House is what is measured, built by the caller as it would be to serve.
type House struct {
	Bare *pgxpool.Pool // past row security
	// Handler makes what answers at an address, as it would be to serve.
	Handler func(address string) (http.Handler, error)
	// Key makes a machine's key for an office: for one of its units, or for the
	// office itself if unit is empty.
	Key func(ctx context.Context, office, unit string) (string, error)
	// Serve makes the command that serves at an address, on the same database.
	Serve func(ctx context.Context, address string) *exec.Cmd
	// Site makes what the public reads.
	Site func(ctx context.Context) (http.Handler, error)
	Near Near
	// Remind makes a worker that scans the ladders.
	Remind Remind
}

// Options say what to measure, and how long.
type Options struct {
	Only        []string // names of parts; all if empty
	Connections int
	Turn        time.Duration // of one side
	Turns       int           // of each side
}

// Run fills the database, measures, and returns the figures.
func Run(ctx context.Context, h House, o Options, progress io.Writer) ([]Row, error) {
	list, err := chosen(o.Only)
	if err != nil {
		return nil, err
	}
	if err := h.tree(ctx); err != nil {
		return nil, fmt.Errorf("offices: %w", err)
	}
	ours := httptest.NewUnstartedServer(nil)
	if ours.Config.Handler, err = h.Handler(ours.Listener.Addr().String()); err != nil {
		return nil, err
	}
	ours.Start()
	defer ours.Close()
	bare := httptest.NewServer(newBare(h.Bare))
	defer bare.Close()
	r := &rig{House: h, Options: o, ours: ours.URL, bare: bare.URL, progress: progress}
	var rows []Row
	for _, p := range list {
		fmt.Fprintf(progress, "measuring: %s\n", p.what)
		more, err := p.run(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// Print writes the figures as a table.
func Print(w io.Writer, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "name\tunit\tours\tbare\tratio\twanted\t")
	for _, r := range rows {
		bare, ratio := "", ""
		if r.Bare > 0 {
			bare, ratio = figure(r.Bare), fmt.Sprintf("%.2f", r.Ratio)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t\n", r.Name, r.Unit, figure(r.Ours), bare, ratio, r.Want)
	}
	return t.Flush()
}

// figure shows what can be told apart on a machine that others use too.
func figure(v float64) string {
	if v < 10 {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// JSON writes the figures for machines.
func JSON(w io.Writer, rows []Row) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(rows)
}
