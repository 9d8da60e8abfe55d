// The common emoji by their Slack names; a name that is not here stays text.

import { el } from "./dom.js";

const GROUPS = {
  faces: `smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 joy 😂 rolling_on_the_floor_laughing 🤣
    rofl 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘
    relaxed ☺️ yum 😋 stuck_out_tongue 😛 zany_face 🤪 money_mouth_face 🤑 hugging_face 🤗 thinking_face 🤔 thinking 🤔
    face_with_raised_eyebrow 🤨 neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄
    grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 face_with_thermometer 🤒 dizzy_face 😵 exploding_head 🤯
    face_with_cowboy_hat 🤠 partying_face 🥳 sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟 slightly_frowning_face 🙁
    white_frowning_face ☹️ open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺 fearful 😨 cold_sweat 😰
    disappointed_relieved 😥 cry 😢 sob 😭 scream 😱 confounded 😖 persevere 😣 disappointed 😞 sweat 😓 weary 😩 tired_face 😫
    yawning_face 🥱 triumph 😤 rage 😡 angry 😠 face_with_symbols_on_mouth 🤬 skull 💀 clown_face 🤡 ghost 👻 alien 👽 robot_face 🤖
    shushing_face 🤫 zipper_mouth_face 🤐 melting_face 🫠 saluting_face 🫡 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊`,
  hands: `wave 👋 raised_hand ✋ hand ✋ ok_hand 👌 pinching_hand 🤏 v ✌️ crossed_fingers 🤞 call_me_hand 🤙 point_left 👈 point_right 👉
    point_up ☝️ point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌
    open_hands 👐 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪 ear 👂 eyes 👀 eye 👁️ brain 🧠 speaking_head_in_silhouette 🗣️
    bust_in_silhouette 👤 busts_in_silhouette 👥 raising_hand 🙋 shrug 🤷 facepalm 🤦 bow 🙇 tipping_hand_person 💁
    no_good 🙅 ok_woman 🙆 technologist 🧑‍💻 office_worker 🧑‍💼 cop 👮 detective 🕵️ guardsman 💂 construction_worker 👷 runner 🏃 walking 🚶`,
  hearts: `heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍 broken_heart 💔
    sparkling_heart 💖 two_hearts 💕 100 💯 anger 💢 boom 💥 collision 💥 dizzy 💫 sweat_drops 💦 zzz 💤 speech_balloon 💬
    left_speech_bubble 🗨️ thought_balloon 💭`,
  nature: `dog 🐶 cat 🐱 bear 🐻 panda_face 🐼 monkey_face 🐵 chicken 🐔 penguin 🐧 bird 🐦 owl 🦉 bee 🐝 bug 🐛 butterfly 🦋 snail 🐌 turtle 🐢
    snake 🐍 octopus 🐙 whale 🐳 unicorn_face 🦄 horse 🐴 elephant 🐘 seedling 🌱 evergreen_tree 🌲 palm_tree 🌴 herb 🌿 four_leaf_clover 🍀
    rose 🌹 sunflower 🌻 earth_americas 🌎 globe_with_meridians 🌐 sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️
    snowflake ❄️ zap ⚡ fire 🔥 droplet 💧 ocean 🌊 rainbow 🌈 star ⭐ star2 🌟 sparkles ✨ crescent_moon 🌙`,
  food: `apple 🍎 banana 🍌 strawberry 🍓 avocado 🥑 pizza 🍕 hamburger 🍔 fries 🍟 taco 🌮 sushi 🍣 ramen 🍜 cookie 🍪 cake 🍰 birthday 🎂
    doughnut 🍩 coffee ☕ tea 🍵 beer 🍺 beers 🍻 wine_glass 🍷 champagne 🍾 sandwich 🥪 green_salad 🥗 popcorn 🍿`,
  events: `tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉
    soccer ⚽ basketball 🏀 dart 🎯 video_game 🎮 game_die 🎲 art 🎨 musical_note 🎵 microphone 🎤 headphones 🎧 guitar 🎸 ticket 🎫`,
  places: `car 🚗 taxi 🚕 bus 🚌 ambulance 🚑 fire_engine 🚒 police_car 🚓 truck 🚚 bike 🚲 airplane ✈️ rocket 🚀 ship 🚢 anchor ⚓ rotating_light 🚨
    traffic_light 🚥 construction 🚧 vertical_traffic_light 🚦 house 🏠 office 🏢 hospital 🏥 bank 🏦 department_store 🏬 factory 🏭
    world_map 🗺️ stadium 🏟️ sunrise 🌅 night_with_stars 🌃`,
  things: `watch ⌚ iphone 📱 calling 📲 computer 💻 desktop_computer 🖥️ keyboard ⌨️ printer 🖨️ floppy_disk 💾 camera 📷 telephone ☎️ phone ☎️
    telephone_receiver 📞 pager 📟 fax 📠 tv 📺 radio 📻 alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛ hourglass_flowing_sand ⏳
    battery 🔋 electric_plug 🔌 bulb 💡 flashlight 🔦 candle 🕯️ moneybag 💰 dollar 💵 credit_card 💳 money_with_wings 💸 gem 💎
    scales ⚖️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ nut_and_bolt 🔩 gear ⚙️ link 🔗 paperclip 📎 linked_paperclips 🖇️ scissors ✂️
    bomb 💣 shield 🛡️ key 🔑 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 mag 🔍 mag_right 🔎
    microscope 🔬 pill 💊 syringe 💉 broom 🧹 toolbox 🧰 test_tube 🧪 package 📦 mailbox 📫 email ✉️ envelope ✉️ envelope_with_arrow 📩
    incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 pencil 📝 memo 📝 pencil2 ✏️ lower_left_ballpoint_pen 🖊️ clipboard 📋 calendar 📅 date 📆
    spiral_calendar_pad 🗓️ card_index 📇 card_index_dividers 🗂️ file_folder 📁 open_file_folder 📂 file_cabinet 🗄️ wastebasket 🗑️
    chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 bookmark 🔖
    label 🏷️ book 📖 books 📚 notebook 📓 ledger 📒 newspaper 📰 pushpin 📌 round_pushpin 📍 triangular_flag_on_post 🚩 checkered_flag 🏁
    crown 👑 briefcase 💼 mortar_board 🎓 crystal_ball 🔮 magnet 🧲 ladder 🪜 door 🚪 shopping_trolley 🛒 bricks 🧱`,
  signs: `white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️
    warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 sos 🆘 exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕ question ❓
    grey_question ❔ bangbang ‼️ interrobang ⁉️ information_source ℹ️ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡
    large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 large_brown_circle 🟤 black_circle ⚫ white_circle ⚪
    large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 white_large_square ⬜
    black_large_square ⬛ small_red_triangle 🔺 small_red_triangle_down 🔻 small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷
    large_orange_diamond 🔶 arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️ arrow_lower_right ↘️
    arrow_up_down ↕️ left_right_arrow ↔️ leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ arrow_heading_up ⤴️ arrow_heading_down ⤵️
    arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 back 🔙 soon 🔜 top 🔝 end 🔚 on 🔛 new 🆕 up 🆙 cool 🆒 free 🆓 ok 🆗
    vs 🆚 id 🆔 sparkle ❇️ heavy_plus_sign ➕ heavy_minus_sign ➖ heavy_division_sign ➗ infinity ♾️ recycle ♻️ white_flag 🏳️ black_flag 🏴
    zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣ 1234 🔢
    arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ fast_forward ⏩ rewind ⏪ clock1 🕐 clock3 🕒 clock6 🕕 clock9 🕘
    clock12 🕛 copyright ©️ registered ®️ tm ™️ radio_button 🔘 beginner 🔰 trident 🔱 o ⭕`,
};

const PICTURES = new Map();
for (const group of Object.values(GROUPS)) {
  const words = group.trim().split(/\s+/);
  for (let place = 0; place < words.length; place += 2) PICTURES.set(words[place], words[place + 1]);
}

const NAME = /(:[\w+'-]+:(?::skin-tone-[2-6]:)?)/;
const PARTS = /^:([\w+'-]+):(?::skin-tone-([2-6]):)?$/;
const FIRST_TONE = 0x1f3fb;

/** The picture of a name (without its colons), or null. */
export function picture(name, tone) {
  const found = PICTURES.get(name);
  if (found === undefined) return null;
  return tone ? found.replace("\ufe0f", "") + String.fromCodePoint(FIRST_TONE + Number(tone) - 2) : found;
}

/** The emoji as a node that says its name; null where nobody knows it. */
export function emojiNode(name, tone) {
  const found = picture(name, tone);
  if (found === null) return null;
  return el("span", { class: "emoji", role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji`, title: `:${name}:` }, found);
}

/** A text with its `:names:` as pictures. */
export function emojiNodes(text) {
  return String(text)
    .split(NAME)
    .filter((part) => part !== "")
    .map((part) => {
      const found = PARTS.exec(part);
      return (found && emojiNode(found[1], found[2])) || document.createTextNode(part);
    });
}
