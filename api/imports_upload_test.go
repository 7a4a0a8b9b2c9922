package api_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestUploadHoldsNothing: while a ledger is on its way no transaction is open, so that
// the database has none to give up on a slow line.
func TestUploadHoldsNothing(t *testing.T) {
	t.Parallel()
	im := newImporter(t)
	scope, file := im.House.As(im.office, tenants.OFF), hekou(t)
	im.As(scope)
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", strings.TrimPrefix(im.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	from := bufio.NewReader(conn)
	answered := func(want int) {
		t.Helper()
		resp, err := http.ReadResponse(from, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Fatalf("answered %s, want %d", resp.Status, want)
		}
	}
	_, err = fmt.Fprintf(conn, "POST /v1/offices/%s/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIdempotency-Key: slow\r\n"+
		"Content-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", im.office.Slug, im.path, scope.Member(), xlsx, len(file))
	if err != nil {
		t.Fatal(err)
	}
	answered(http.StatusContinue) // now it reads, and waits for us
	if n := tenantstest.RootValue[int](im.House, `select count(*) from pg_stat_activity
		where datname = current_database() and usename = 'xuncha_app' and xact_start is not null`); n != 0 {
		t.Errorf("%d transactions wait for the file", n)
	}
	if _, err := conn.Write(file); err != nil {
		t.Fatal(err)
	}
	answered(http.StatusCreated)
	if n := tenantstest.RootValue[int](im.House, `select count(*) from imports`); n != 1 {
		t.Errorf("%d imports", n)
	}
}

// TestUploadAnother sends another file under the same key (BI-213): refused, with the
// first effect only; and the same file again, which is the same import. Neither leaves
// a file behind.
func TestUploadAnother(t *testing.T) {
	t.Parallel()
	im := newImporter(t)
	book := excelize.NewFile()
	for i, row := range [][]any{{"序号", "反馈问题", "整改措施"}, {1, "甲问题", "措施一"}} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var other bytes.Buffer
	if err := book.Write(&other); err != nil {
		t.Fatal(err)
	}
	send := func(want int, file []byte) (got rectification.Import, problem string) {
		a := post(t, im.off, want, im.path, file, "Content-Type", xlsx, "Idempotency-Key", "k")
		a.Into(t, &got)
		return got, a.Problem()
	}
	first, _ := send(http.StatusCreated, hekou(t))
	if _, problem := send(http.StatusUnprocessableEntity, other.Bytes()); problem != "idempotency-mismatch" {
		t.Errorf("another file: %s", problem)
	}
	if again, _ := send(http.StatusCreated, hekou(t)); again.ID != first.ID || again.Total != 16 {
		t.Errorf("the same file is import %s of %d, want %s", again.ID, again.Total, first.ID)
	}
	if n := tenantstest.RootValue[int](im.House, `select count(*) from imports`); n != 1 {
		t.Errorf("%d imports", n)
	}
	if n, err := im.worker.CleanFiles(t.Context(), tenants.ForJob(im.office, "clean-files"), 0); n != 0 || err != nil {
		t.Errorf("%d files were left behind, %v", n, err)
	}
}
