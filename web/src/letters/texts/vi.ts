import type { LetterText } from './text';

export const vi: LetterText = {
  lang: 'vi',
  name: 'Tiếng Việt',
  title: 'Đăng ký liên lạc giữa nhà trường và gia đình',
  to: (child) => `Kính gửi phụ huynh của em ${child}`,
  lead: 'Bằng điện thoại hoặc máy tính, quý phụ huynh có thể báo cho trường khi con nghỉ học, đến muộn hoặc về sớm, và đọc thông báo của trường. Xin quý phụ huynh tự đăng ký theo các bước dưới đây. Việc này mất khoảng 5 phút.',
  code: 'Mã đăng ký',
  until: (day) => `Có hiệu lực đến hết ngày ${day}`,
  steps: [
    'Quét mã QR bằng máy ảnh của điện thoại. Nếu không quét được, hãy mở {url} bằng trình duyệt và nhập mã đăng ký.',
    'Kiểm tra tên trường và tên của con.',
    'Nhập địa chỉ e-mail, rồi nhập 6 chữ số được gửi đến e-mail đó. Nếu không dùng e-mail, hãy chọn “メールを使わずに進む” (Tiếp tục không dùng e-mail).',
    'Nhập họ tên của quý vị và đặt mật khẩu. Như vậy là xong.',
  ],
  notes: [
    'Nếu đã đăng ký rồi (ví dụ cho anh chị của em), xin đừng đăng ký lại. Hãy chọn “すでに登録している方” (Tôi đã đăng ký) và đăng nhập để thêm em này.',
    'Sau khi đăng ký, quý vị có thể mời người phụ huynh còn lại từ màn hình của mình. Nếu không mời được, xin hỏi nhà trường.',
    'Mã này chỉ dành riêng cho em và chỉ dùng được một lần. Xin đừng cho người khác xem. Nếu làm mất, xin báo ngay cho trường.',
  ],
  contact: 'Liên hệ',
};
