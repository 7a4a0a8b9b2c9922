import { SearchOutlined } from "@ant-design/icons";
import { Input, type InputRef } from "antd";
import { type ReactNode, type Ref, useEffect, useRef, useState } from "react";
import { searchWords } from "@/words/numbers";
import { isComposing } from "./keys";

/**
 * A search box that waits for the end of a composition: typing 水务局 asks for 水务局, not for s, sh, shu, shui.
 * Enter asks at once, Escape leaves the box.
 */
export function SearchField({
  value,
  onSearch,
  placeholder,
  label = "搜索",
  delay = 300,
  field,
}: {
  value: string;
  onSearch: (words: string) => void;
  placeholder?: string;
  label?: string;
  delay?: number;
  field?: Ref<InputRef>;
}): ReactNode {
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(value);

  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (typed: string) => {
    clearTimeout(timer.current);
    const words = searchWords(typed);
    if (words === asked.current) return;
    asked.current = words;
    onSearch(words);
  };
  const later = (typed: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(typed), delay);
  };
  return (
    <Input
      ref={field}
      className="x-search"
      type="search"
      aria-label={label}
      placeholder={placeholder}
      prefix={<SearchOutlined aria-hidden="true" />}
      allowClear
      maxLength={200}
      value={text}
      onCompositionStart={() => {
        composing.current = true;
        clearTimeout(timer.current);
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        later(event.currentTarget.value);
      }}
      onChange={(event) => {
        setText(event.target.value);
        if (event.type === "click")
          search(""); // the clearing cross
        else if (!composing.current) later(event.target.value);
      }}
      onKeyDown={(event) => {
        if (isComposing(event.nativeEvent)) return;
        if (event.key === "Enter") search(event.currentTarget.value);
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}
