package ledger

import (
	"cmp"
	"fmt"

	"xuncha/inspection"
)

// Reason is why a cell became a [Question].
type Reason string

// The reasons for questions.
const (
	DueMissing         Reason = "due-missing"
	DueImmediate       Reason = "due-immediate"
	DueLongTerm        Reason = "due-long-term"
	DateVague          Reason = "date-vague"
	DateYearless       Reason = "date-yearless"
	DateSeveral        Reason = "date-several"
	DateImpossible     Reason = "date-impossible"
	DateUnclear        Reason = "date-unclear"
	DateSerial         Reason = "date-serial"
	DateBeforeFeedback Reason = "date-before-feedback"

	AmountUnclear  Reason = "amount-unclear"
	AmountUnit     Reason = "amount-unit"
	AmountVague    Reason = "amount-vague"
	AmountFraction Reason = "amount-fraction"
	AmountNegative Reason = "amount-negative"
	AmountLarge    Reason = "amount-large"
	AmountSeveral  Reason = "amount-several"
	AmountShared   Reason = "amount-shared"

	FormulaCell Reason = "formula-cell"
	ErrorCell   Reason = "error-cell"
	LostDigits  Reason = "number-lost-digits"

	RowUnclear       Reason = "row-unclear"
	ProblemMissing   Reason = "problem-missing"
	MeasureMissing   Reason = "measure-missing"
	MeasureConflict  Reason = "measure-conflict"
	DuplicateNumber  Reason = "duplicate-number"
	DuplicateProblem Reason = "duplicate-problem"
)

// details say what is asked, in words for the person. Those that end in a
// directive are completed where the question is made.
var details = map[Reason]string{
	DueMissing:         "没有填写整改时限，请填写日期",
	DueImmediate:       "“立行立改”没有写明日期，请填写完成日期",
	DueLongTerm:        "“长期坚持”没有截止日期，请填写日期，或按长期整改导入",
	DateVague:          "时限没有写到日，请确认日期",
	DateYearless:       "时限没有写年份，请确认日期",
	DateSeveral:        "这一格有多个日期，请选择整改时限",
	DateImpossible:     "没有这一天，请更正日期",
	DateUnclear:        "看不出是哪一天，请填写日期",
	DateSerial:         "日期显示成了数字，请确认日期",
	DateBeforeFeedback: "期限早于反馈日期 %s，请核对",

	AmountUnclear:  "看不出金额是多少，请填写金额",
	AmountUnit:     "金额没有写单位，请确认是元还是万元",
	AmountVague:    "金额是约数，请确认金额",
	AmountFraction: "金额不能精确到分，请确认金额",
	AmountNegative: "金额是负数，请更正",
	AmountLarge:    "金额过大，请核对单位",
	AmountSeveral:  "同一问题的各行金额不同，请确认该问题的金额",
	AmountShared:   "金额与上一个问题（%s）合并在一格，为免重复计算未计入本问题，请分别填写",

	FormulaCell: "单元格是公式，文件里没有保存计算结果，请改为数值后重填",
	ErrorCell:   "单元格是错误值，请更正后重填",
	LostDigits:  "单元格为数字，末几位已丢失，请改为文本后重填",

	RowUnclear:       "看不出这一行属于问题还是措施，未导入，请核对",
	ProblemMissing:   "这一行没有对应的问题，请填写问题内容",
	MeasureMissing:   "这一行有责任或时限，没有整改措施，请填写措施",
	MeasureConflict:  "措施合并了多行，各行的%s不同，已取第一行，请核对",
	DuplicateNumber:  "序号与 %s 重复，请选择都导入还是跳过本条",
	DuplicateProblem: "问题内容与 %s 相同，请选择都导入还是跳过本条",
}

// question returns the question about a cell.
func (v value) question(sheet string, column Column, why Reason, args ...any) Question {
	return Question{
		Sheet: sheet, Cell: v.ref, Row: v.row, Column: column, Reason: why,
		Text: cmp.Or(v.text, v.said), Detail: fmt.Sprintf(details[why], args...),
	}
}

// keepOrSkip are the answers about something that stands twice.
var keepOrSkip = []Choice{{"keep", "都导入"}, {"skip", "跳过本条"}}

func dayChoices(days []inspection.Day) []Choice {
	var c []Choice
	for _, d := range days {
		c = append(c, Choice{d.String(), d.String()})
	}
	return c
}

func fenChoices(sums []int64) []Choice {
	var c []Choice
	for _, n := range sums {
		if n >= 0 {
			c = append(c, Choice{fmt.Sprint(n), fmt.Sprintf("%d.%02d 元", n/100, n%100)})
		}
	}
	return c
}
