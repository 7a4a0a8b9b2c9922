package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"
)

// The import that is measured, and how often.
const (
	ledgerRows = 1000
	imports    = 3
)

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// importLedgers measures, in turns, how long a ledger takes from the upload to
// its last row in the database, and the most memory that the service held.
//
// Ours is everything that an office waits for: the file is kept and read, its
// columns and days are understood, every row is compared with what stands, and a
// job writes findings, cases, measures and the journal. Bare reads the cells and
// copies them into one table, so that its figure says what the file alone costs.
func (h House) importLedgers(ctx context.Context, ours *service, bareURL string, keys []key) ([]Row, error) {
	file, err := workbook(ledgerRows)
	if err != nil {
		return nil, err
	}
	var spent [2]time.Duration
	for _, k := range keys[:imports] {
		if k.Token, err = h.Key(ctx, k.Office, ""); err != nil {
			return nil, err
		}
		began := time.Now()
		unit, err := h.importOurs(ctx, ours.url, k, file)
		if err != nil {
			return nil, fmt.Errorf("ours: %w", err)
		}
		spent[0] += time.Since(began)
		began = time.Now()
		if _, err := call(ctx, k, http.MethodPost, bareURL, "ledger", file, "Content-Type", xlsx); err != nil {
			return nil, fmt.Errorf("bare: %w", err)
		}
		spent[1] += time.Since(began)
		if err := h.sameLedger(ctx, k, unit); err != nil {
			return nil, err
		}
	}
	took := Row{
		Name: "ledger import of 1,000 rows", Unit: "s", Ours: spent[0].Seconds() / imports, Bare: spent[1].Seconds() / imports,
		Ratio: spent[1].Seconds() / spent[0].Seconds(), Want: "< 20",
	}
	most, err := ours.memory("VmHWM")
	return []Row{took, {Name: "memory of serve at its most, importing", Unit: "MB", Ours: most, Want: "< 200"}}, err
}

// importOurs does what the import's screens do, for a unit without findings.
func (h House) importOurs(ctx context.Context, address string, k key, file []byte) (unit uuid.UUID, err error) {
	unit, round := uuid.New(), uuid.New()
	for sql, id := range map[string]uuid.UUID{
		`insert into units (tenant_id, id, name) values ($1, $2, '县某中心')`: unit,
		`insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on)
			values ($1, $2, 10, 7, '十届县委第七轮巡察', '2026-05-06', '2026-07-03')`: round,
	} {
		if _, err := h.Bare.Exec(ctx, sql, k.ID, id); err != nil {
			return unit, err
		}
	}
	query := url.Values{"unit": {unit.String()}, "round": {round.String()}, "feedback_on": {"2026-07-10"}}
	at, err := imported(call(ctx, k, http.MethodPost, address, "imports?"+query.Encode(), file, "Content-Type", xlsx))
	if err != nil {
		return unit, err
	}
	if at.Total != ledgerRows || at.Open != 0 {
		return unit, fmt.Errorf("%d problems were read, %d things are left to answer", at.Total, at.Open)
	}
	path := "imports/" + at.ID
	at, err = imported(call(ctx, k, http.MethodPost, address, path+"/run", nil, "If-Match", strconv.Quote(strconv.Itoa(at.Version))))
	for err == nil && at.State == "running" {
		time.Sleep(time.Second) // as often as the workbench asks
		at, err = imported(call(ctx, k, http.MethodGet, address, path, nil))
	}
	if err == nil && at.State != "done" {
		err = fmt.Errorf("the import is %s after %d rows: %s", at.State, at.Done, at.Failure)
	}
	return unit, err
}

// progress is what the API says of an import.
type progress struct {
	ID, State, Failure         string
	Total, Done, Open, Version int
}

func imported(answer []byte, err error) (at progress, _ error) {
	if err != nil {
		return at, err
	}
	return at, json.Unmarshal(answer, &at)
}

// call sends one request for an office and returns the answer.
func call(ctx context.Context, k key, method, address, path string, body []byte, headers ...string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address+"/v1/offices/"+k.Office+"/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+k.Token)
	req.Header.Set("Bare-Tenant", strconv.Itoa(k.ID))
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s %s = %d %s", method, path, resp.StatusCode, bytes.TrimSpace(b))
	}
	return b, err
}

// sameLedger makes sure that both sides have every row of the file.
func (h House) sameLedger(ctx context.Context, k key, unit uuid.UUID) error {
	var ours, bare, both int
	err := h.Bare.QueryRow(ctx, `
		select count(f.text), count(b.text), count(*) filter (where f.text = b.text and m.text = b.measure)
		from (select * from findings where tenant_id = $1 and unit_id = $2) f
		join measures m on m.tenant_id = f.tenant_id and m.finding_id = f.id
		full join (select * from bare_ledger where tenant_id = $1) b on b.seq = f.seq`, k.ID, unit).Scan(&ours, &bare, &both)
	if err == nil && (ours != ledgerRows || bare != ledgerRows || both != ledgerRows) {
		err = fmt.Errorf("of %d rows ours has %d, bare %d, and %d are the same", ledgerRows, ours, bare, both)
	}
	return err
}

// workbook is a ledger of n problems with a measure each.
func workbook(n int) ([]byte, error) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	rows := [][]any{{"序号", "问题类别", "反馈问题", "整改措施", "责任领导", "整改时限"}}
	for i := range n {
		rows = append(rows, []any{
			strconv.Itoa(i + 1), "聚焦党中央决策部署在基层落实情况",
			fmt.Sprintf("第%d项大额资金使用未经集体研究，会议记录不完整，事后也没有补充说明。", i+1),
			fmt.Sprintf("修订制度第%d条，明确责任，定期检查，公开结果。", i+1), "罗某", "2027-12-01",
		})
	}
	for i, row := range rows {
		if err := w.SetRow("A"+strconv.Itoa(i+1), row); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

const bareLedger = `
	create table bare_ledger (tenant_id int not null, seq int not null, category text not null, text text not null,
		measure text not null, leader text not null, due_on date not null)`

// ledger reads the cells one row at a time and copies them.
func (b bare) ledger(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.Header.Get("Bare-Tenant"))
	f, err := excelize.OpenReader(r.Body)
	if err != nil {
		answer(w, nil, err)
		return
	}
	defer func() { _ = f.Close() }()
	rows, err := f.Rows("Sheet1")
	if err != nil {
		answer(w, nil, err)
		return
	}
	rows.Next() // the header
	columns := []string{"tenant_id", "seq", "category", "text", "measure", "leader", "due_on"}
	n, err := b.pool.CopyFrom(r.Context(), pgx.Identifier{"bare_ledger"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		if !rows.Next() {
			return nil, rows.Error()
		}
		c, err := rows.Columns()
		if err != nil || len(c) < 6 {
			return nil, fmt.Errorf("a row of %d cells: %w", len(c), err)
		}
		seq, err := strconv.Atoi(c[0])
		if err != nil {
			return nil, err
		}
		due, err := time.Parse(time.DateOnly, c[5])
		return []any{id, seq, c[1], c[2], c[3], c[4], due}, err
	}))
	answer(w, map[string]int64{"rows": n}, err)
}
