#!/usr/bin/env python3
"""Regenerates readings.tsv and syllables.txt.

    readings.py UNIHAN_DIR

UNIHAN_DIR holds the Unihan files, unpacked. Needs the package `pypinyin` for Python: the readings of every hanzi are its
table of single characters (its phrases stay out: some may come from a share-alike dictionary). How common a reading is says
Unihan's kHanyuPinlu, which counts readings in a modern corpus.
"""
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pypinyin

HERE = Path(__file__).parent
# A second or third reading is common where it has this share of a hanzi's occurrences, and at least so many of them.
SHARE, LEAST = 0.015, 5
MOST = 3
# Grunts and a dialect contraction: nobody types them.
NO_SYLLABLES = {"E", "hm", "hng", "m", "n", "ng", "fiao"}
# What the counts miss or get wrong, and what people type in chat whatever the dictionaries say.
CURATED = """
嗯 en; 哼 heng; 欸 ei ai; 诶 ei ai; 咯 lo ge luo; 哦 o e; 噢 o; 喔 o wo; 曾 ceng zeng; 长 chang zhang; 行 xing hang;
乐 le yue; 血 xue xie; 谁 shei shui; 薄 bo bao; 剥 bo bao; 削 xue xiao; 壳 ke qiao; 尿 niao sui; 大 da dai; 地 di de;
得 de dei; 这 zhe zhei; 那 na nei; 哪 na nei; 呢 ne ni; 着 zhe zhao zhuo; 嘚 de dei; 屄 bi; 肏 cao; 逼 bi; 屌 diao;
操 cao; 傻 sha; 色 se; 艹 cao; 氵 shui; 亻 ren; 扌 shou; 忄 xin; 女 nv; 绿 lv; 率 lv shuai; 单 dan shan chan; 信 xin;
妈 ma; 嘛 ma; 吗 ma; 给 gei ji; 什 shen shi; 伺 si ci; 似 si shi; 佛 fo fu; 俩 lia; 仔 zi zai; 刨 pao bao; 刹 sha cha;
劲 jin jing; 勒 le lei; 匙 chi shi; 卜 bu bo; 卡 ka qia; 厦 sha xia; 吓 xia he; 吭 keng hang; 呵 he; 咋 za zha; 咖 ka ga;
咳 ke hai; 嚼 jiao jue; 囤 tun dun; 堡 bao pu; 娜 na nuo; 尾 wei yi; 屏 ping bing; 差 cha chai ci; 巷 xiang hang;
弄 nong long; 扁 bian pian; 扎 zha za; 扒 ba pa; 扛 kang gang; 拓 tuo ta; 攒 zan cuan; 曝 pu bao; 朴 pu piao; 柏 bai bo;
栅 zha shan; 校 xiao jiao; 桔 ju jie; 没 mei mo; 的 de di; 番 fan pan; 秘 mi bi; 粘 zhan nian; 纤 xian qian; 脉 mai mo;
膀 bang pang; 磅 bang pang; 臭 chou xiu; 艾 ai yi; 茄 qie jia; 莎 sha suo; 蔓 man wan; 藏 cang zang; 虾 xia ha;
蚌 bang beng; 蛤 ha ge; 裳 shang chang; 贾 jia gu; 轧 ya zha; 钥 yao yue; 阿 a e; 露 lu lou; 颤 chan zhan; 龟 gui jun;
叨 dao tao; 呱 gua gu; 嚓 ca cha; 槟 bin bing; 沓 ta da; 靓 liang jing; 蹊 xi qi; 禅 chan shan; 缪 miao mou; 拗 ao niu;
崴 wai wei; 擘 bo bai; 豉 chi shi; 鹄 hu gu; 诘 jie ji; 查 cha zha; 仇 chou qiu; 区 qu ou; 尉 wei yu; 盖 gai ge;
宿 su xiu; 否 fou pi; 炮 pao bao; 折 zhe she; 择 ze zhai; 伯 bo bai; 塞 sai se; 熟 shu shou; 说 shuo shui; 便 bian pian;
会 hui kuai; 解 jie xie; 系 xi ji; 强 qiang jiang; 雀 que qiao; 凹 ao wa; 夹 jia ga; 抹 mo ma; 模 mo mu; 埋 mai man;
六 liu lu; 陆 lu liu; 落 luo la lao; 提 ti di; 咽 yan ye; 约 yue yao; 爪 zhua zhao; 幢 chuang zhuang; 椎 zhui chui;
逮 dai dei; 读 du dou; 脯 fu pu; 句 ju gou; 和 he huo hu; 核 he hu; 奇 qi ji; 烙 lao luo; 氓 mang meng; 刺 ci; 柞 zha zuo;
伽 jia ga; 圩 wei xu; 蕃 fan bo; 荨 xun qian; 莞 guan wan; 拾 shi; 石 shi dan; 识 shi zhi; 著 zhu zhe; 吁 xu yu; 尺 chi;
车 che ju; 朝 chao zhao; 参 can shen cen; 弹 dan tan; 畜 chu xu; 称 cheng chen; 盛 sheng cheng; 泊 bo po; 琢 zhuo zuo;
氏 shi zhi; 殷 yin yan; 碌 lu liu; 澄 cheng deng; 燕 yan; 奔 ben; 骑 qi; 数 shu shuo; 吐 tu; 撒 sa; 丁 ding; 万 wan; 妳 ni; 帧 zhen;
傀 kui; 埔 pu; 呐 na; 龈 yin; 颈 jing; 辗 zhan nian
"""
CURATED = {entry.split(" ")[0]: entry.split(" ", 1)[1] for entry in " ".join(CURATED.split()).split("; ")}


def plain(reading):
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("e\u0302", "E")
    return "".join(c for c in letters if not unicodedata.combining(c))


def known_readings():
    path = Path(pypinyin.__file__).parent / "pinyin_dict.json"
    for code, value in json.loads(path.read_text(encoding="utf-8")).items():
        if 0x4E00 <= int(code) <= 0x9FFF:
            readings = dict.fromkeys(plain(r) for r in value.split(","))
            yield chr(int(code)), [r for r in readings if r not in NO_SYLLABLES]


def unihan(folder):
    """How often each reading of each hanzi occurs."""
    counts = defaultdict(Counter)
    for line in (folder / "Unihan_Readings.txt").read_text(encoding="utf-8").splitlines():
        if "\tkHanyuPinlu\t" in line:
            code, _, value = line.split("\t")
            for reading, count in re.findall(r"(\S+?)\((\d+)\)", value):
                counts[chr(int(code[2:], 16))][plain(reading)] += int(count)
    return counts


def choose(known, counts):
    """The readings of one hanzi, the most common first; as pypinyin orders them where the counts say too little."""
    total = sum(counts.values())
    ranked = sorted(known, key=lambda reading: -counts[reading]) if total >= LEAST else known
    least = max(LEAST, SHARE * total)
    return ranked[:1] + [reading for reading in ranked[1:] if counts[reading] >= least][: MOST - 1]


def main():
    counts = unihan(Path(sys.argv[1]))
    hanzi, syllables = defaultdict(list), set()
    for c, known in known_readings():
        syllables.update(known)
        readings = CURATED[c].split(" ") if c in CURATED else choose(known, counts[c])
        if readings:
            hanzi[" ".join(readings)].append(c)

    head = "# pypinyin's readings of single characters, ordered and filtered by Unihan kHanyuPinlu and by hand\n"
    head += "# MIT, copyright 2016 mozillazg, 闲耘 and contributors (pypinyin); Unicode-3.0, copyright Unicode, Inc.\n"
    lines = [f"{readings}\t{''.join(sorted(of))}\n" for readings, of in sorted(hanzi.items())]
    (HERE / "readings.tsv").write_text(head + "".join(lines), encoding="utf-8")
    head = "# The toneless syllables of those readings, ü written v\n# MIT, copyright 2016 mozillazg, 闲耘 and contributors (pypinyin)\n"
    (HERE / "syllables.txt").write_text(head + "".join(f"{s}\n" for s in sorted(syllables)), encoding="utf-8")
    print(len(syllables), "syllables,", len(hanzi), "sets,", sum(map(len, hanzi.values())), "hanzi")


main()
