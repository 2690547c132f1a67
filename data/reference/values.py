"""Files and features as other libraries make them, for the tests of data: python data/reference/values.py > data/reference/values.json

Made with numpy 2, scipy, soundfile and librosa 0.11.0 (pip install librosa==0.11.0 soundfile scipy).
"""

import base64, io, json, sys
import librosa, numpy as np, scipy.sparse, soundfile

encode = lambda b: base64.b64encode(b).decode()


def saved(save, *args, **kwargs):
    out = io.BytesIO()
    save(out, *args, **kwargs)
    return encode(out.getvalue())


small = np.arange(6).reshape(2, 3)
npy = {}
for kind in ["<f4", "<f8", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", ">f4", ">f8", ">i4", ">i8", "|b1"]:
    values = (small % 2 if kind == "|b1" else small).astype(kind)
    npy[kind] = dict(file=saved(np.save, values), shape=[2, 3], data=[float(v) for v in values.ravel()])
npy["fortran"] = dict(file=saved(np.save, np.asfortranarray(small.astype("<f4"))), shape=[2, 3], data=[0, 1, 2, 3, 4, 5])
npy["fortran 3d"] = dict(
    file=saved(np.save, np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype("<i4"))), shape=[2, 3, 4], data=list(range(24))
)
npy["scalar"] = dict(file=saved(np.save, np.float32(7)), shape=[], data=[7])
npy["vector"] = dict(file=saved(np.save, np.array([1.5, -2, 1e300])), shape=[3], data=[1.5, -2, 1e300])
npy["empty"] = dict(file=saved(np.save, np.zeros((0, 4), "<f4")), shape=[0, 4], data=[])
npy["unicode"] = dict(file=saved(np.save, np.array(["α", "beta", "𝛾 x"])), shape=[3], data=["α", "beta", "𝛾 x"])
npy["bytes"] = dict(file=saved(np.save, np.array([b"ab", b"c"])), shape=[2], data=["ab", "c"])

csr = scipy.sparse.csr_matrix(np.array([[0, 2, 0, 0], [0, 0, 0, 0], [1, 0, 0, 3.5]], "f4"))
archives = dict(
    plain=saved(np.savez, X=small.astype("f4"), y=np.array([0, 1])),
    deflated=saved(np.savez_compressed, X=small.astype("f4"), y=np.array([0, 1])),
    csr=saved(scipy.sparse.save_npz, csr),
)

tone = np.array([0, 0.5, -0.5, 0.25, -1, 0.999])
sounds = {}
for name, args in {
    "PCM_U8": {}, "PCM_16": {}, "PCM_24": {}, "PCM_32": {}, "FLOAT": {}, "DOUBLE": {},
}.items():
    for form in ["WAV", "WAVEX"]:
        file = saved(soundfile.write, np.stack([tone, tone / 2], 1), 11025, subtype=name, format=form)
        heard, rate = soundfile.read(io.BytesIO(base64.b64decode(file)))
        sounds[f"{form} {name}"] = dict(file=file, rate=rate, samples=[float(v) for v in heard.mean(1)])


def features(y, rate):
    kind = dict(n_fft=2048, hop_length=512)
    mfcc = librosa.feature.mfcc(y=y, sr=rate, n_mfcc=40, **kind)
    chroma = librosa.feature.chroma_stft(y=y, sr=rate, **kind)
    mel = librosa.feature.melspectrogram(y=y, sr=rate, **kind)
    return np.concatenate([mfcc, chroma, mel]).T.astype("<f4")


def clip(rate, seconds, pitches, noise):
    t = np.arange(int(rate * seconds)) / rate
    random = np.random.default_rng(len(pitches))
    y = sum(0.3 / (i + 1) * np.sin(2 * np.pi * f * t * (1 + 0.1 * t)) for i, f in enumerate(pitches))
    return y * np.exp(-3 * t) + noise * random.standard_normal(t.size)


clips = {}
for name, rate, wanted, seconds, pitches, noise in [
    ("chord", 8000, 22050, 0.4, [262, 330, 392.5], 0.001),
    ("hum", 8000, 22050, 0.31, [110, 227, 1333, 2950], 0.02),
    ("bell", 44100, None, 0.2, [880, 2093, 5274], 0.0001),
    ("quiet", 22050, 22050, 0.1, [441], 0.0),
]:
    out = io.BytesIO()
    soundfile.write(out, clip(rate, seconds, pitches, noise), rate, subtype="PCM_16", format="WAV")
    y, heard = librosa.load(io.BytesIO(out.getvalue()), sr=wanted)
    made = features(y, heard)
    clips[name] = dict(file=encode(out.getvalue()), rate=wanted or "native", frames=made.shape[0], features=encode(made.tobytes()))

json.dump(dict(npy=npy, archives=archives, sounds=sounds, clips=clips), sys.stdout, indent=1)
print()
