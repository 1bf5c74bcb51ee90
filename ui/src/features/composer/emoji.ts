/** The emoji that an office writes, with their names at chats and the words by which they are found in the languages of the window. */

/** One emoji. */
export interface Emoji {
  sign: string;
  /** Its name between colons. */
  name: string;
  /** Other words that find it. */
  words: string;
}

const TABLE = `
😀 grinning smile 笑顔
😄 smile happy うれしい
😊 blush smile 笑顔
😉 wink ウインク
😂 joy laugh 笑い
🙂 slight_smile smile 笑顔
🙇 bow sorry お辞儀 すみません
🙏 pray thanks お願い 感謝
👍 thumbsup yes ok いいね 了解
👎 thumbsdown no だめ
👌 ok_hand ok 了解
👏 clap applause 拍手
🙌 raised_hands hooray ばんざい
👋 wave hello こんにちは
💪 muscle strong がんばる
🤝 handshake deal 握手
👀 eyes look 見る
💡 bulb idea ひらめき
🎉 tada party お祝い
🎂 birthday cake 誕生日
🎁 gift present 贈り物
❤️ heart love ハート
⭐ star 星
✨ sparkles きらきら
🔥 fire hot 火
☀️ sunny weather 晴れ
☔ umbrella rain 雨
❄️ snowflake snow 雪
🌸 cherry_blossom spring 桜
☕ coffee break コーヒー 休憩
🍵 tea break お茶
🍱 bento lunch 弁当 昼食
🍺 beer 飲み会
✅ white_check_mark done 完了
✔️ heavy_check_mark done 済み
❌ x no 中止
⚠️ warning careful 注意
❗ exclamation important 重要
❓ question 質問
🚫 no_entry_sign forbidden 禁止
🆕 new 新しい
🔔 bell notice お知らせ
📣 mega announcement 発表
📢 loudspeaker announcement 放送
☎️ telephone call 電話
📞 telephone_receiver call 電話
📱 iphone mobile 携帯
📧 e-mail mail メール
✉️ envelope letter 手紙
📦 package parcel 荷物
🚚 truck delivery 配送
🚪 door visitor ドア 来客
🪑 chair seat 席
🏢 office building 会社
🏠 house home 在宅
🚃 railway_car train 電車
🚕 taxi タクシー
✈️ airplane trip 出張
🚗 red_car car 車
🔑 key 鍵
🔒 lock 施錠
📅 date calendar 予定
🗓️ calendar_spiral calendar 予定表
⏰ alarm_clock time 時間
⏳ hourglass_flowing_sand wait 待ち
🕘 clock9 time 時刻
📌 pushpin pin ピン
📎 paperclip attachment 添付
📝 memo note メモ
📄 page_facing_up document 書類
📊 bar_chart graph 資料
💻 computer laptop パソコン
🖨️ printer 印刷
🔧 wrench repair 修理
🔍 mag search 検索
💰 moneybag money お金
🧾 receipt 領収書
🆗 ok オーケー
💯 100 perfect 満点
🙋 raising_hand here 手を挙げる
🤒 thermometer_face sick 体調不良
😷 mask マスク 風邪
🏥 hospital 病院
🆘 sos help 助けて
`;

/** Every one, in the order in which they are offered. */
export const EMOJI: readonly Emoji[] = TABLE.trim()
  .split("\n")
  .map((line) => {
    const [sign = "", name = "", ...words] = line.split(" ");
    return { sign, name, words: words.join(" ") };
  });

const BY_NAME = new Map(EMOJI.map((it) => [it.name, it.sign]));

/** The sign of a name between colons, where it is one of these. */
export const emojiOf = (name: string): string | undefined => BY_NAME.get(name);
