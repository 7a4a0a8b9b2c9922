package ledger_test

import (
	"context"
	"fmt"
	"os"

	"xuncha/inspection/rectification/ledger"
)

func ExampleRead() {
	f, err := os.Open("testdata/ledger-hekou.xlsx")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := ledger.Read(context.Background(), f, info.Size(), ledger.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Totals.Problems, r.Totals.Measures)
	for _, q := range r.Questions {
		fmt.Println(q.Cell, q.Text, q.Reason)
	}
	// Output:
	// 16 29
	// I21 立行立改 due-immediate
	// I22 长期坚持 due-long-term
	// I26 长期坚持 due-long-term
}
