package main

import (
	"context"
	"encoding/json"
	"io"
	"os"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// ledgerCmd is what can be done with a ledger without a database.
type ledgerCmd struct {
	Check ledgerCheckCmd `cmd:"" help:"Print what a rectification ledger (xlsx) says, as JSON."`
}

// ledgerCheckCmd prints the reading that an import would start from.
type ledgerCheckCmd struct {
	File     string         `arg:"" type:"existingfile" help:"The ledger, an xlsx file."`
	Sheet    []string       `sep:"none" help:"Read only the sheet of this name; may be given several times."`
	Hidden   bool           `help:"Read hidden rows, columns and sheets too."`
	Feedback inspection.Day `placeholder:"DAY" help:"Day of feedback, such as 2026-07-10: deadlines before it are questioned."`
}

// Run reads the file and prints the reading. When the columns must be settled
// by a person it prints what was found, too, and fails.
func (c *ledgerCheckCmd) Run(ctx context.Context, stdout io.Writer) error {
	o := ledger.Options{IncludeHidden: c.Hidden, FeedbackOn: c.Feedback}
	for _, name := range c.Sheet {
		o.Sheets = append(o.Sheets, ledger.SheetOptions{Name: name})
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	reading, err := ledger.Read(ctx, f, info.Size(), o)
	if err != nil && len(reading.Sheets) == 0 {
		return err
	}
	out := json.NewEncoder(stdout)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if printed := out.Encode(reading); printed != nil {
		return printed
	}
	return err
}
